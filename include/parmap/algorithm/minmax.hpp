// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/reduce_leaves.hpp>
#include <parmap/algorithm/reduce.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/enumerate.hpp>
#include <parmap/core/options.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

namespace parmap {

/// A range whose elements can be copied out of it and compared by `<`.
template <class Range>
concept range_of_ordered_elements =
    std::ranges::input_range<Range> && std::movable<std::ranges::range_value_t<Range>> &&
    std::constructible_from<std::ranges::range_value_t<Range>, element_t<Range>> &&
    requires(const std::ranges::range_value_t<Range>& a,
             const std::ranges::range_value_t<Range>& b) {
        { a < b } -> std::convertible_to<bool>;
    };

/// The same, of which each can be kept twice.
template <class Range>
concept range_of_copyable_ordered_elements =
    range_of_ordered_elements<Range> && std::copy_constructible<std::ranges::range_value_t<Range>>;

namespace detail {

/// Whether `a` goes before `b` among what is looked for, neither being NaN.
struct least_first {
    using gathering = keeping_least;
    template <class T>
    static constexpr bool before(const T& a, const T& b) {
        return static_cast<bool>(a < b);
    }
};

struct greatest_first {
    using gathering = keeping_greatest;
    template <class T>
    static constexpr bool before(const T& a, const T& b) {
        return static_cast<bool>(b < a);
    }
};

template <class T>
constexpr bool is_nan(const T& x) noexcept {
    if constexpr (std::floating_point<T>) {
        return x != x;
    } else {
        return static_cast<void>(x), false;
    }
}

/// An element and where it stands.
template <class T>
struct placed {
    T value;
    std::size_t index;
};

/// The first of two elements, the left one of which stands before the right one: NaN goes before
/// everything else.
template <class First>
struct pick {
    template <class T>
    placed<T> operator()(placed<T>&& left, placed<T>&& right) const {
        const bool take_right = is_nan(right.value)
                                    ? !is_nan(left.value)
                                    : !is_nan(left.value) && First::before(right.value, left.value);
        return take_right ? std::move(right) : std::move(left);
    }

    template <class T>
    std::optional<placed<T>> operator()(std::optional<placed<T>>&& left,
                                        std::optional<placed<T>>&& right) const {
        if (!left)
            return std::move(right);
        if (!right)
            return std::move(left);
        return (*this)(*std::move(left), *std::move(right));
    }
};

/// Where `value`, which is one of them, stands first among numbers.
template <class S>
std::size_t place_of(const S* x, std::size_t n, S value) {
    constexpr std::size_t width = 16;
    std::size_t i = 0;
    for (; n - i >= width; i += width) {
        bool here = false;
        for (std::size_t lane = 0; lane != width; ++lane)
            here |= x[i + lane] == value;
        if (here)
            break;
    }
    return static_cast<std::size_t>(std::find(x + i, x + n, value) - x);
}

/// The first NaN of a leaf.
template <class S>
std::optional<placed<S>> pick_nan(const S* x, std::size_t n, std::size_t first) {
    if constexpr (std::floating_point<S>) {
        if (is_nan(gather_leaf<S, keeping_nan>(x, n, unchanged()))) {
            const S* const at = std::find_if(x, x + n, is_nan<S>);
            return placed<S>{*at, first + static_cast<std::size_t>(at - x)};
        }
    }
    return std::nullopt;
}

/// The first of a leaf's numbers, none of which is NaN; with its place only if `Where`.
template <class First, bool Where, class S>
placed<S> pick_number(const S* x, std::size_t n, std::size_t first) {
    const S best = gather_leaf<S, typename First::gathering>(x, n, unchanged());
    // Zeros are equal and not the same.
    if (!Where && (!std::floating_point<S> || best != 0))
        return {best, first};
    const std::size_t at = place_of(x, n, best);
    return {x[at], first + at};
}

template <class First, bool Where, class Range>
auto picked(Range& range, const options& options) {
    using T = std::ranges::range_value_t<Range>;
    if constexpr (std::is_arithmetic_v<T>) {
        using S = leaf_element_of<Range>;
        const auto leaf = [](const S* x, std::size_t n, std::size_t first) {
            const auto nan = pick_nan(x, n, first);
            return nan ? *nan : pick_number<First, Where>(x, n, first);
        };
        return reduce_leaves<placed<S>>(range, leaf, pick<First>(), options);
    } else {
        const auto place = [](auto&& index, auto&& element) {
            return std::optional<placed<T>>(
                placed<T>{T(std::forward<decltype(element)>(element)), index});
        };
        return parmap::map_reduce(enumerate(std::ranges::ref_view(range)), place,
                                  std::optional<placed<T>>(), pick<First>(), options);
    }
}

/// The least and the greatest so far.
template <class Placed>
struct both {
    Placed least;
    Placed greatest;
};

struct pick_both {
    template <class Placed>
    both<Placed> operator()(both<Placed>&& left, both<Placed>&& right) const {
        return {pick<least_first>()(std::move(left.least), std::move(right.least)),
                pick<greatest_first>()(std::move(left.greatest), std::move(right.greatest))};
    }
};

template <class Range>
auto picked_both(Range& range, const options& options) {
    using T = std::ranges::range_value_t<Range>;
    if constexpr (std::is_arithmetic_v<T>) {
        using S = leaf_element_of<Range>;
        const auto leaf = [](const S* x, std::size_t n, std::size_t first) {
            if (const auto nan = pick_nan(x, n, first))
                return both<placed<S>>{*nan, *nan};
            return both<placed<S>>{pick_number<least_first, false>(x, n, first),
                                   pick_number<greatest_first, false>(x, n, first)};
        };
        return reduce_leaves<both<placed<S>>>(range, leaf, pick_both(), options);
    } else {
        using one = std::optional<placed<T>>;
        const auto place = [](auto&& index, auto&& element) {
            T value(std::forward<decltype(element)>(element));
            return both<one>{placed<T>{value, index}, placed<T>{std::move(value), index}};
        };
        both<one> found = parmap::map_reduce(enumerate(std::ranges::ref_view(range)), place,
                                             both<one>(), pick_both(), options);
        return found.least ? std::optional(both<placed<T>>{*std::move(found.least),
                                                           *std::move(found.greatest)})
                           : std::nullopt;
    }
}

template <class T, class Placed>
std::optional<T> value_of(std::optional<Placed>&& found) {
    return found ? std::optional<T>(static_cast<T>(std::move(found->value))) : std::nullopt;
}

template <class Placed>
std::optional<std::size_t> index_of(const std::optional<Placed>& found) {
    return found ? std::optional(found->index) : std::nullopt;
}

} // namespace detail

/// The least element of a range by `<`, the first of equals; nothing for an empty range.
///
/// If there is a NaN, the first one is the result, as in NumPy: it cannot be told where it would
/// stand, and a result that ignored it would hide it.
///
/// - Complexity: one or two comparisons for each element; O(threads) memory.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: what reading, copying or comparing elements throws, as `map_reduce`.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items were left out.
/// - Blocking: until every item has run; the caller works too.
template <range_of_ordered_elements Range>
auto min(Range&& range, const options& options = {}) {
    return detail::value_of<std::ranges::range_value_t<Range>>(
        detail::picked<detail::least_first, false>(range, options));
}

/// The greatest element of a range by `<`, the first of equals. Otherwise as `min`.
template <range_of_ordered_elements Range>
auto max(Range&& range, const options& options = {}) {
    return detail::value_of<std::ranges::range_value_t<Range>>(
        detail::picked<detail::greatest_first, false>(range, options));
}

/// The least and the greatest element of a range, each the first of equals. Elements that are no
/// numbers are copied. Otherwise as `min`.
template <range_of_copyable_ordered_elements Range>
auto minmax(Range&& range, const options& options = {}) {
    using T = std::ranges::range_value_t<Range>;
    auto found = detail::picked_both(range, options);
    using result = std::ranges::min_max_result<T>;
    return found ? std::optional<result>(result{static_cast<T>(std::move(found->least.value)),
                                                static_cast<T>(std::move(found->greatest.value))})
                 : std::nullopt;
}

/// The index of the least element, the lowest of equals; of the first NaN, if there is one.
/// Otherwise as `min`.
template <range_of_ordered_elements Range>
std::optional<std::size_t> argmin(Range&& range, const options& options = {}) {
    return detail::index_of(detail::picked<detail::least_first, true>(range, options));
}

/// The index of the greatest element, the lowest of equals. Otherwise as `argmin`.
template <range_of_ordered_elements Range>
std::optional<std::size_t> argmax(Range&& range, const options& options = {}) {
    return detail::index_of(detail::picked<detail::greatest_first, true>(range, options));
}

} // namespace parmap
