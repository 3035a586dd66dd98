// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

// How bodies reach the elements of a range by index.

namespace parmap::detail {

/// The first element of a random-access range, for `at_index`: a pointer where elements stand side
/// by side, so that the compiler sees the plain loop over memory that it knows how to vectorise.
template <std::ranges::random_access_range Range>
auto first_of(Range& range) {
    if constexpr (std::ranges::contiguous_range<Range>) {
        return std::ranges::data(range);
    } else {
        return std::ranges::begin(range);
    }
}

template <class First>
constexpr decltype(auto) at_index(const First& first, std::size_t i) {
    return first[static_cast<std::iter_difference_t<First>>(i)];
}

template <class Value>
inline constexpr bool is_packed_bit =
    std::same_as<Value, std::vector<bool>::reference> && !std::same_as<Value, bool>;

template <class... Parts>
inline constexpr bool is_packed_bit<std::tuple<Parts...>> =
    (is_packed_bit<std::remove_cvref_t<Parts>> || ...);

template <class A, class B>
inline constexpr bool is_packed_bit<std::pair<A, B>> =
    is_packed_bit<std::remove_cvref_t<A>> || is_packed_bit<std::remove_cvref_t<B>>;

/// How many neighbours must be written by one thread, because they share a word: 1 for anything but
/// packed bits, 64 where those begin at a word, 0 (all of them) where it is not known how they lie.
template <class Range>
inline constexpr std::size_t inseparable =
    !is_packed_bit<std::remove_cvref_t<std::ranges::range_reference_t<Range>>> ? 1
    : std::same_as<std::remove_cvref_t<Range>, std::vector<bool>>              ? 64
                                                                               : 0;

/// The number of elements, or 0 for a range that does not know it.
template <class Range>
std::size_t size_if_known(Range& range) {
    if constexpr (std::ranges::sized_range<Range>) {
        return static_cast<std::size_t>(std::ranges::size(range));
    } else {
        return 0;
    }
}

/// The extent of a call that writes to `count` elements of a range.
template <class Range>
constexpr std::size_t neighbours(std::size_t count) noexcept {
    return inseparable<Range> != 0 ? inseparable<Range> : (count > 0 ? count : 1);
}

} // namespace parmap::detail
