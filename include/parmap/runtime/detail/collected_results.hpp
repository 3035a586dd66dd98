// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/partition.hpp>

#include <cstddef>
#include <deque>
#include <exception>
#include <iterator>
#include <utility>
#include <vector>

namespace parmap::detail {

/// The results of a call that does not know how many there will be: those of each batch by
/// themselves, joined at the end.
///
/// Threads: `open` is the reading thread's, and may run while others fill places opened before.
template <class R>
class collected_results {
public:
    /// The results of one batch.
    struct place {
        interval items;
        std::vector<R> results;
    };

    void admit(std::size_t) const noexcept {}

    place* open(interval items) {
        place& opened = places_.emplace_back();
        opened.items = items;
        opened.results.reserve(items.size());
        return &opened;
    }

    /// Gives each item of the batches, and of those up to `total`, that has no result `filler`.
    template <class Filler>
    void fill(std::size_t total, const Filler& filler) {
        std::size_t opened = 0;
        for (place& p : places_) {
            while (p.results.size() < p.items.size())
                p.results.emplace_back(filler);
            opened += p.results.size();
        }
        if (opened >= total)
            return;
        place* rest = open({opened, total});
        while (rest->results.size() < total - opened)
            rest->results.emplace_back(filler);
    }

    /// All results, in order.
    std::vector<R> take() {
        if (places_.size() == 1)
            return std::move(places_.front().results);
        std::size_t total = 0;
        for (const place& p : places_)
            total += p.results.size();
        std::vector<R> joined;
        joined.reserve(total);
        for (place& p : places_) {
            joined.insert(joined.end(), std::make_move_iterator(p.results.begin()),
                          std::make_move_iterator(p.results.end()));
            std::vector<R>().swap(p.results);
        }
        return joined;
    }

private:
    std::deque<place> places_;
};

} // namespace parmap::detail
