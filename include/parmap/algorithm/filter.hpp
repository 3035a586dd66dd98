// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/collected_results.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/raw_memory.hpp>
#include <parmap/runtime/detail/result_buffer.hpp>
#include <parmap/runtime/detail/walk.hpp>
#include <parmap/runtime/detail/whole_call.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap {

/// A callable says of each element, by what converts to bool, whether it is kept, and elements can
/// be kept: as values made of what the range gives.
template <class Pred, class Range>
concept keeps_or_drops_each_element =
    callable_with_each_element<Pred, Range> &&
    std::convertible_to<decltype(detail::call(std::declval<std::remove_reference_t<Pred>&>(),
                                              std::declval<element_t<Range>&>())),
                        bool> &&
    std::constructible_from<std::ranges::range_value_t<Range>, element_t<Range>>;

namespace detail {

/// The kept elements of each block, side by side from the block's first place on.
template <class T>
class kept_elements {
public:
    explicit kept_elements(blocks blocks)
        : blocks_(blocks), counts_(blocks.count()), memory_(blocks.items()) {}

    ~kept_elements() {
        for (std::size_t b = 0; b != counts_.size(); ++b)
            std::destroy_n(begin_of(b), counts_[b]);
    }

    kept_elements(const kept_elements&) = delete;
    kept_elements& operator=(const kept_elements&) = delete;

    [[nodiscard]] const blocks& cut() const noexcept { return blocks_; }
    [[nodiscard]] T* begin_of(std::size_t block) const noexcept {
        return memory_.data() + blocks_.begin_of(block);
    }
    [[nodiscard]] std::size_t count_of(std::size_t block) const noexcept { return counts_[block]; }
    [[nodiscard]] std::size_t& count_of(std::size_t block) noexcept { return counts_[block]; }

    /// Where the elements of each block come in the result, and at the end how many there are.
    [[nodiscard]] std::vector<std::size_t> places() const {
        std::vector<std::size_t> places(1, 0);
        places.reserve(counts_.size() + 1);
        for (const std::size_t count : counts_)
            places.push_back(places.back() + count);
        return places;
    }

private:
    const blocks blocks_;
    std::vector<std::size_t> counts_;
    const raw_memory<T> memory_;
};

/// Keeps elements of a random-access range.
template <class First, class T, class Pred>
struct filter_body {
    First first;
    Pred& pred;
    kept_elements<T>& kept;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        kept.cut().for_each_piece(items, at, [&](std::size_t block, interval piece) {
            T* const begin = kept.begin_of(block);
            std::size_t& count = kept.count_of(block);
            for_each_of(piece, at, watch, [=, this, &count](std::size_t i) {
                auto&& element = at_index(first, i);
                if (call(pred, element)) {
                    ::new (static_cast<void*>(begin + count))
                        T(std::forward<decltype(element)>(element));
                    ++count;
                }
            });
        });
    }

    void discard(interval) noexcept {}
};

/// Moves what each block has kept to its place in the result.
template <class T>
struct join_body {
    kept_elements<T>& kept;
    const std::vector<std::size_t>& places;
    T* results;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [this](std::size_t block) {
            std::uninitialized_move_n(kept.begin_of(block), kept.count_of(block),
                                      results + places[block]);
        });
    }

    void discard(interval items) noexcept {
        std::destroy(results + places[items.begin], results + places[items.end]);
    }
};

template <class T, class Range, class Pred>
std::vector<T> filter_in_place(Range& range, Pred& pred, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    kept_elements<T> kept(blocks::few(count, 4'096));
    auto first = first_of(range);
    using body_type = filter_body<decltype(first), T, Pred>;
    body_type body{std::move(first), pred, kept};
    engine(options, memory_for<body_type>(pred)).run({count, kept.cut().length()}, body);
    const std::vector<std::size_t> places = kept.places();
    result_buffer<T> results(places.back());
    join_body<T> join{kept, places, results.data()};
    engine(to_the_end(options), memory_of<join_body<T>>).run({kept.cut().count()}, join);
    return results.take();
}

/// Keeps elements of a range that is read in batches.
template <class T, class Pred>
struct filter_sink : collected_results<T> {
    explicit filter_sink(Pred& predicate) : pred(predicate) {}

    template <class Element>
    void put(Element&& element, std::size_t, typename collected_results<T>::place* into) {
        if (call(pred, element))
            into->add([&]() -> Element&& { return std::forward<Element>(element); });
    }

    Pred& pred;
};

template <class T, class Range, class Pred>
std::vector<T> filter_in_batches(Range& range, Pred& pred, const options& options) {
    using sink_type = filter_sink<T, Pred>;
    sink_type sink(pred);
    walk_all(range, sink, options);
    return sink.take();
}

} // namespace detail

/// Those elements of a range for which `pred` holds, in their order, as values.
///
/// `pred` is called as `pred(element)` or, if that is ill-formed and the element is tuple-like, as
/// `pred(parts...)`; concurrently, through one shared object. Each element is taken from the range
/// once. (Those of a `zip` are tuples of references, and so are the values.)
///
/// - Complexity: one call of `pred` for each element, a copy and a move for each that is kept; four
///   allocations, one of them room for all elements.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: the exception of the lowest index that throws, as a serial loop lets out; the items
///   before it have run and nothing is leaked.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items were left out. Progress
///   counts elements that were asked of.
/// - Blocking: until every item has run; the caller works too.
template <std::ranges::input_range Range, class Pred>
    requires keeps_or_drops_each_element<Pred, Range>
auto parallel_filter(Range&& range, Pred&& pred, const options& options = {}) {
    const detail::whole_call here(options);
    using T = std::ranges::range_value_t<Range>;
    if constexpr (detail::splittable_range<Range>) {
        return detail::filter_in_place<T>(range, pred, options);
    } else {
        return detail::filter_in_batches<T>(range, pred, options);
    }
}

} // namespace parmap
