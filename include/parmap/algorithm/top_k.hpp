// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/loans.hpp>
#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/algorithm/sort.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap {

/// A callable says of two elements whether the first comes first, and elements can be kept: as
/// values made of what the range gives.
template <class Compare, class Range>
concept orders_elements =
    std::ranges::input_range<Range> &&
    std::constructible_from<std::ranges::range_value_t<Range>, element_t<Range>> &&
    std::movable<std::ranges::range_value_t<Range>> &&
    std::strict_weak_order<std::remove_reference_t<Compare>&,
                           const std::ranges::range_value_t<Range>&,
                           const std::ranges::range_value_t<Range>&>;

namespace detail {

template <class T>
struct candidate {
    T value;
    std::size_t position;
};

/// The k elements that come first of those offered; a heap, once there are more, with the one that
/// would go first at its head.
template <class T, class Compare>
class first_few {
public:
    first_few(std::size_t k, Compare& compare) : k_(k), compare_(&compare) {}

    template <class Element>
    void offer(Element&& element, std::size_t position) {
        if constexpr (std::same_as<std::remove_cvref_t<Element>, T>) {
            if (few_.size() < k_ || (k_ != 0 && comes_before_last(element, position)))
                take(T(std::forward<Element>(element)), position);
        } else {
            offer(T(std::forward<Element>(element)), position);
        }
    }

    [[nodiscard]] std::vector<candidate<T>>& candidates() noexcept { return few_; }

    /// Whether one candidate comes before another.
    [[nodiscard]] auto order() const {
        return [compare = compare_](const candidate<T>& a, const candidate<T>& b) {
            if (std::invoke(*compare, a.value, b.value))
                return true;
            return a.position < b.position && !std::invoke(*compare, b.value, a.value);
        };
    }

private:
    bool comes_before_last(const T& value, std::size_t position) const {
        const candidate<T>& last = few_.front();
        if (std::invoke(*compare_, value, last.value))
            return true;
        return position < last.position && !std::invoke(*compare_, last.value, value);
    }

    void take(T value, std::size_t position) {
        if (few_.size() < k_) {
            few_.push_back({std::move(value), position});
            if (few_.size() == k_)
                std::make_heap(few_.begin(), few_.end(), order());
            return;
        }
        std::pop_heap(few_.begin(), few_.end(), order());
        few_.back() = {std::move(value), position};
        std::push_heap(few_.begin(), few_.end(), order());
    }

    std::size_t k_;
    Compare* compare_;
    std::vector<candidate<T>> few_;
};

/// The first of what several have found, in order.
template <class T, class Compare, class Parts>
std::vector<T> first_of_all(Parts& parts, std::size_t k, Compare& compare, const options& options) {
    std::vector<candidate<T>> all;
    for (first_few<T, Compare>& part : parts) {
        all.insert(all.end(), std::make_move_iterator(part.candidates().begin()),
                   std::make_move_iterator(part.candidates().end()));
    }
    parallel_sort(all, first_few<T, Compare>(k, compare).order(), {}, later_pass(options));
    std::vector<T> first;
    first.reserve(std::min(k, all.size()));
    for (std::size_t i = 0; i != all.size() && i != k; ++i)
        first.push_back(std::move(all[i].value));
    return first;
}

template <class First, class T, class Compare>
struct top_k_body {
    First first;
    const blocks& cut;
    std::vector<first_few<T, Compare>>& parts;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        cut.for_each_piece(items, at, [&](std::size_t block, interval piece) {
            for_each_of(piece, at, watch, [first = first, &part = parts[block]](std::size_t i) {
                part.offer(at_index(first, i), i);
            });
        });
    }

    void discard(interval) noexcept {}
};

template <class T, class Range, class Compare>
std::vector<T> top_in_place(Range& range, std::size_t k, Compare& compare, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    const blocks cut = blocks::few(count, 64);
    std::vector<first_few<T, Compare>> parts;
    parts.reserve(cut.count());
    while (parts.size() != cut.count())
        parts.emplace_back(k, compare);
    auto first = first_of(range);
    using body_type = top_k_body<decltype(first), T, Compare>;
    body_type body{std::move(first), cut, parts};
    engine(options, memory_of<body_type>).run({count, cut.length()}, body);
    return first_of_all<T>(parts, k, compare, options);
}

template <class T, class Range, class Compare>
std::vector<T> top_in_batches(Range& range, std::size_t k, Compare& compare,
                              const options& options) {
    loans parts([k, &compare] { return first_few<T, Compare>(k, compare); });
    const auto offer = [](first_few<T, Compare>& part, auto&& element, std::size_t i) {
        part.offer(std::forward<decltype(element)>(element), i);
    };
    tally(range, parts, offer, options);
    return first_of_all<T>(parts.all(), k, compare, options);
}

} // namespace detail

/// The `k` elements that come first, in order; all, if there are no more. `compare(a, b)` says that
/// a comes before b, so that `std::greater<>{}` gives the largest, largest first; of equals, the
/// one at the lower index comes first.
///
/// - Complexity: one comparison for each element and up to O(log k) for each that is among the
///   first k so far; memory for k elements in each of up to 64 blocks or, of a range that can only
///   be walked, on each thread.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: what a comparison or the copy of an element throws: of several, the one of the lowest
///   block of elements, else the first in the order in which the blocks' elements are sorted. (Of a
///   range that can only be walked: of several comparisons that throw, one of them.)
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out.
/// - Blocking: until every element was looked at; the caller works too.
template <std::ranges::input_range Range, class Compare>
    requires orders_elements<Compare, Range>
auto top_k(Range&& range, std::size_t k, Compare&& compare, const options& options = {}) {
    using T = std::ranges::range_value_t<Range>;
    if constexpr (detail::splittable_range<Range>) {
        return detail::top_in_place<T>(range, k, compare, options);
    } else {
        return detail::top_in_batches<T>(range, k, compare, options);
    }
}

} // namespace parmap
