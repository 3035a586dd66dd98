// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/indices.hpp>
#include <parmap/core/zip.hpp>

#include <iterator>
#include <ranges>
#include <utility>

namespace parmap {
namespace detail {

// 0, 1, 2, ... without end: beside it, the range alone decides how many elements there are.
class natural_numbers : public std::ranges::view_interface<natural_numbers> {
public:
    constexpr auto begin() const noexcept { return indexed_iterator<index_itself>({}, 0); }
    constexpr auto end() const noexcept { return std::unreachable_sentinel; }
};

} // namespace detail

/// (index, element) tuples of a range, `std::tuple<std::size_t, range_reference_t<Range>>`.
///
/// The range is kept as `std::views::all` keeps it: an lvalue is referred to, an rvalue is owned.
/// Random-access and sized where the range is, else forward or single-pass as it is.
/// Complexity: constant in the range's length.
/// Threads: as the range.
/// Errors: those of the range.
template <std::ranges::viewable_range Range>
    requires std::ranges::input_range<Range>
[[nodiscard]] constexpr auto enumerate(Range&& range) {
    return zip_view<detail::natural_numbers, std::views::all_t<Range>>(
        detail::natural_numbers{}, std::views::all(std::forward<Range>(range)));
}

} // namespace parmap

template <>
inline constexpr bool std::ranges::enable_borrowed_range<parmap::detail::natural_numbers> = true;
