// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/algorithm/detail/reduce_leaves.hpp>
#include <parmap/algorithm/detail/tree_call.hpp>
#include <parmap/algorithm/sort.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/whole_call.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
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

    /// The values of all candidates, in order.
    [[nodiscard]] std::vector<T> in_order() && {
        std::sort(few_.begin(), few_.end(), order());
        std::vector<T> values;
        values.reserve(few_.size());
        for (candidate<T>& one : few_)
            values.push_back(std::move(one.value));
        return values;
    }

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

/// An element in a leaf: as a value or, where it stays in its range, as its address.
template <class T>
class kept_value {
public:
    kept_value() = default;
    template <class Element>
        requires(!std::same_as<std::remove_cvref_t<Element>, kept_value>)
    explicit kept_value(Element&& element) : value_(T(std::forward<Element>(element))) {}
    T&& get() noexcept { return std::move(*value_); }

private:
    std::optional<T> value_;
};

template <class T>
class kept_address {
public:
    kept_address() = default;
    explicit kept_address(const T& element) noexcept : at_(&element) {}
    const T& get() const noexcept { return *at_; }

private:
    const T* at_ = nullptr;
};

template <class T, class Range>
using kept_in_leaf = std::conditional_t<
    std::ranges::forward_range<Range> &&
        std::is_lvalue_reference_v<std::ranges::range_reference_t<Range>> &&
        std::same_as<std::remove_cvref_t<std::ranges::range_reference_t<Range>>, T>,
    kept_address<T>, kept_value<T>>;

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

/// The first of two runs that are in order, the left of which goes first among equals.
template <class T, class Compare>
std::vector<T> first_of_two(std::vector<T>&& left, std::vector<T>&& right, std::size_t k,
                            Compare& compare) {
    const std::size_t count = std::min(k, left.size() + right.size());
    std::vector<T> first;
    first.reserve(count);
    auto a = left.begin();
    auto b = right.begin();
    while (first.size() != count) {
        const bool take_right =
            a == left.end() || (b != right.end() && std::invoke(compare, *b, *a));
        first.push_back(std::move(take_right ? *b++ : *a++));
    }
    return first;
}

/// Elements come a leaf at a time, and leaves are put together along a tree: which elements are
/// compared depends on their number alone.
template <class T, class Range, class Compare>
std::vector<T> top_in_batches(Range& range, std::size_t k, Compare& compare,
                              const options& options) {
    using kept = kept_in_leaf<T, Range>;
    const auto leaf = [k, &compare](kept* elements, std::size_t count, std::size_t) {
        first_few<T, Compare> few(k, compare);
        for (std::size_t i = 0; i != count; ++i)
            few.offer(elements[i].get(), i);
        return std::move(few).in_order();
    };
    auto merge = [k, &compare](std::vector<T>&& left, std::vector<T>&& right) {
        return first_of_two(std::move(left), std::move(right), k, compare);
    };
    tree_call<std::vector<T>, decltype(merge)> tree(merge);
    try {
        reduce_leaves_in_batches<kept>(range, leaf, tree, options);
    } catch (...) {
        tree.settle(); // merging may have failed at a lower index, or fail yet
        throw;
    }
    tree.settle();
    return tree.value().value_or(std::vector<T>());
}

} // namespace detail

/// The `k` elements that come first, in order; all, if there are no more. `compare(a, b)` says that
/// a comes before b, so that `std::greater<>{}` gives the largest, largest first; of equals, the
/// one at the lower index comes first.
///
/// - Complexity: one comparison for each element and up to O(log k) for each that is among the
///   first k so far; memory for k elements in each of up to 64 blocks. Of a range that can only be
///   walked, the first k of each 1024 elements, which are merged: memory for O(threads * log n)
///   times k elements.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: what reading, copying or comparing an element with those of its block throws at the
///   lowest index, else the first in the order in which the blocks' elements are sorted. Of a range
///   that can only be walked: the first exception of a serial walk over the tree of `map_reduce`
///   whose leaves are 1024 elements, which are first read and then compared.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out.
/// - Blocking: until every element was looked at; the caller works too.
template <std::ranges::input_range Range, class Compare>
    requires orders_elements<Compare, Range>
auto top_k(Range&& range, std::size_t k, Compare&& compare, const options& options = {}) {
    const detail::whole_call here(options);
    using T = std::ranges::range_value_t<Range>;
    if constexpr (detail::splittable_range<Range>) {
        return detail::top_in_place<T>(range, k, compare, options);
    } else {
        return detail::top_in_batches<T>(range, k, compare, options);
    }
}

} // namespace parmap
