// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/indices.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

namespace parmap {
namespace detail {

struct quotient_and_rest {
    std::size_t quotient, rest;
};

// On many CPUs a 64-bit division takes several times as long as a 32-bit one, and most grids
// are small; the branch always goes the same way.
constexpr quotient_and_rest divided(std::size_t position, std::size_t extent) noexcept {
    if (((std::uint64_t{position} | std::uint64_t{extent}) >> 32U) == 0) {
        const auto p = static_cast<std::uint32_t>(position);
        const auto e = static_cast<std::uint32_t>(extent);
        return {p / e, p % e};
    }
    return {position / extent, position % extent};
}

struct row_column {
    std::size_t columns = 1;

    constexpr std::tuple<std::size_t, std::size_t>
    operator()(std::ptrdiff_t position) const noexcept {
        const auto [row, column] = divided(static_cast<std::size_t>(position), columns);
        return {row, column};
    }
};

struct plane_row_column {
    std::size_t rows = 1, columns = 1;

    constexpr std::tuple<std::size_t, std::size_t, std::size_t>
    operator()(std::ptrdiff_t position) const noexcept {
        const auto [line, column] = divided(static_cast<std::size_t>(position), columns);
        const auto [plane, row] = divided(line, rows);
        return {plane, row, column};
    }
};

[[noreturn]] inline void throw_grid_overflow(const std::size_t* extents, std::size_t dimensions) {
    std::string product;
    for (std::size_t i = 0; i < dimensions; ++i)
        product += (i == 0 ? "" : " x ") + std::to_string(extents[i]);
    throw std::invalid_argument("parmap::grid: " + product + " is more than PTRDIFF_MAX");
}

template <std::size_t Dimensions>
constexpr std::size_t grid_size(const std::array<std::size_t, Dimensions>& extents) {
    for (const std::size_t extent : extents) {
        if (extent == 0)
            return 0;
    }
    std::size_t size = 1;
    for (const std::size_t extent : extents) {
        if (extent > static_cast<std::size_t>(PTRDIFF_MAX) / size)
            throw_grid_overflow(extents.data(), Dimensions);
        size *= extent;
    }
    return size;
}

} // namespace detail

/// What `grid(rows, columns)` returns. Its iterators stay valid after it.
using grid_view = detail::indexed_view<detail::row_column>;

/// What `grid(a, b, c)` returns. Its iterators stay valid after it.
using grid3_view = detail::indexed_view<detail::plane_row_column>;

/// All (row, column) pairs in row-major order as `std::tuple` of std::size_t: a random-access,
/// sized, borrowed view, so that `parallel_map(grid(h, w), [](auto i, auto j) {...})` gives h*w
/// results.
///
/// Complexity: constant; an element costs one division.
/// Threads: one view or iterator may be read by any number of threads.
/// Errors: `std::invalid_argument` that names the values, if one is negative or their product is
/// more than PTRDIFF_MAX.
template <detail::count_type A, detail::count_type B>
[[nodiscard]] constexpr grid_view grid(A rows, B columns) {
    const std::array extents{detail::checked_not_negative("parmap::grid: rows", rows),
                             detail::checked_not_negative("parmap::grid: columns", columns)};
    return {detail::row_column{extents[1]}, detail::grid_size(extents)};
}

/// All (i, j, k) triples below (a, b, c) in row-major order, k fastest; else as `grid(a, b)`.
template <detail::count_type A, detail::count_type B, detail::count_type C>
[[nodiscard]] constexpr grid3_view grid(A a, B b, C c) {
    const std::array extents{detail::checked_not_negative("parmap::grid: a", a),
                             detail::checked_not_negative("parmap::grid: b", b),
                             detail::checked_not_negative("parmap::grid: c", c)};
    return {detail::plane_row_column{extents[1], extents[2]}, detail::grid_size(extents)};
}

} // namespace parmap
