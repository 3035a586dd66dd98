// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/huge_pages.hpp>
#include <parmap/runtime/detail/partition.hpp>
#include <parmap/runtime/detail/raw_memory.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap::detail {

/// The results of a call that does not know how many there will be: those of each batch by
/// themselves, in the order of the batches, joined at the end by one move each.
///
/// Threads: `admit` and `open` are the reading thread's, and may run while others fill places
/// opened before; a place is filled by one thread.
template <class R>
class collected_results {
public:
    /// Room for the results of the items of one batch.
    class place {
    public:
        explicit place(interval items) : items_(items), results_(items.size()) {}
        ~place() { std::destroy_n(begin(), count_); }

        place(const place&) = delete;
        place& operator=(const place&) = delete;

        /// Constructs the next result from what `make` returns.
        template <class Make>
        void add(Make make) {
            ::new (static_cast<void*>(end())) R(make());
            ++count_;
        }

        [[nodiscard]] interval items() const noexcept { return items_; }
        [[nodiscard]] std::size_t size() const noexcept { return count_; }
        [[nodiscard]] R* begin() const noexcept { return results_.data(); }
        [[nodiscard]] R* end() const noexcept { return begin() + count_; }

    private:
        interval items_;
        raw_memory<R> results_;
        std::size_t count_ = 0;
    };

    void admit(std::size_t index) noexcept { admitted_ = index + 1; }

    place* open(interval items) { return &places_.emplace_back(items); }

    /// Gives each item admitted, and each up to `total`, that has no result what `make` returns.
    template <class Make>
    void fill(std::size_t total, Make make) {
        for (place& p : places_) {
            const std::size_t end = std::min(p.items().end, admitted_);
            while (p.items().begin + p.size() < end)
                p.add(make);
        }
        const std::size_t opened =
            places_.empty() ? 0 : places_.back().items().begin + places_.back().size();
        if (opened >= total) {
            return;
        }
        place& rest = *open({opened, total});
        while (rest.size() < rest.items().size())
            rest.add(make);
    }

    /// Drops what follows the first item that has no result.
    void keep_front() noexcept {
        const auto gap = std::ranges::find_if(
            places_, [](const place& p) { return p.size() != p.items().size(); });
        while (gap != places_.end() && &places_.back() != &*gap)
            places_.pop_back();
    }

    /// All results, in order.
    std::vector<R> take() {
        std::size_t total = 0;
        for (const place& p : places_)
            total += p.size();
        std::vector<R> joined;
        joined.reserve(total);
        if constexpr (!std::is_same_v<R, bool>)
            request_huge_pages(joined.data(), total * sizeof(R));
        while (!places_.empty()) {
            for (R& result : places_.front()) {
                joined.push_back(std::move(result));
            }
            places_.pop_front();
        }
        return joined;
    }

private:
    std::deque<place> places_;
    std::size_t admitted_ = 0;
};

} // namespace parmap::detail
