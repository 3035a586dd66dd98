// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <parmap/core/grid.hpp>

#include <cstdint>
#include <iterator>
#include <limits>
#include <ranges>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

using parmap::grid;
using pair = std::tuple<std::size_t, std::size_t>;
using triple = std::tuple<std::size_t, std::size_t, std::size_t>;

template <class View, class Element>
constexpr bool is_a_grid_of =
    std::ranges::view<View> && std::ranges::random_access_range<const View> &&
    std::ranges::sized_range<const View> && std::ranges::common_range<View> &&
    std::ranges::borrowed_range<View> &&
    std::random_access_iterator<std::ranges::iterator_t<View>> &&
    std::is_same_v<std::ranges::range_difference_t<View>, std::ptrdiff_t> &&
    std::is_same_v<std::ranges::range_value_t<View>, Element> &&
    std::is_same_v<std::ranges::range_reference_t<View>, Element>;

static_assert(is_a_grid_of<decltype(grid(1, 1)), pair>);
static_assert(is_a_grid_of<decltype(grid(1, 1, 1)), triple>);
static_assert(noexcept(*std::declval<parmap::grid_view>().begin()));
static_assert(*grid(2, 3).begin() == pair{0, 0}, "usable in constant expressions");

namespace {

template <class... I>
std::string message_for(I... extents) {
    try {
        static_cast<void>(grid(extents...));
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "nothing thrown";
}

constexpr std::size_t huge = std::numeric_limits<std::size_t>::max();

} // namespace

TEST_CASE("grid(rows, columns) runs in row-major order", "[grid]") {
    const std::size_t extents[] = {0, 1, 2, 3, 33};
    for (const std::size_t rows : extents) {
        for (const std::size_t columns : extents) {
            std::vector<pair> expected;
            for (std::size_t i = 0; i < rows; ++i) {
                for (std::size_t j = 0; j < columns; ++j)
                    expected.emplace_back(i, j);
            }
            std::vector<pair> seen;
            for (const auto [i, j] : grid(rows, columns))
                seen.emplace_back(i, j);
            CHECK(seen == expected);
            CHECK(grid(rows, columns).size() == expected.size());
        }
    }
}

TEST_CASE("grid(a, b, c) runs with the last index fastest", "[grid]") {
    const std::size_t extents[] = {0, 1, 2, 5};
    for (const std::size_t a : extents) {
        for (const std::size_t b : extents) {
            for (const std::size_t c : extents) {
                const auto all = grid(a, b, c);
                REQUIRE(all.size() == a * b * c);
                std::ptrdiff_t position = 0;
                for (std::size_t i = 0; i < a; ++i) {
                    for (std::size_t j = 0; j < b; ++j) {
                        for (std::size_t k = 0; k < c; ++k)
                            CHECK(all.begin()[position++] == triple{i, j, k});
                    }
                }
            }
        }
    }
}

TEST_CASE("grid takes extents of mixed types", "[grid]") {
    CHECK(grid(short{2}, 3U).size() == 6);
    CHECK(grid(std::size_t{2}, 3L, std::uint8_t{4}).size() == 24);
}

TEST_CASE("grid names a negative extent", "[grid]") {
    CHECK(message_for(-3, 4) == "parmap::grid: rows = -3 is negative");
    CHECK(message_for(4, -3L) == "parmap::grid: columns = -3 is negative");
    CHECK(message_for(-1, 0, 2) == "parmap::grid: a = -1 is negative");
    CHECK(message_for(0, -2, 2) == "parmap::grid: b = -2 is negative");
    CHECK(message_for(0, 1, -5) == "parmap::grid: c = -5 is negative");
}

TEST_CASE("grid names extents whose product overflows", "[grid]") {
    CHECK(message_for(std::size_t{1} << 32, std::size_t{1} << 32) ==
          "parmap::grid: 4294967296 x 4294967296 is more than PTRDIFF_MAX");
    // This product wraps round to a small number.
    CHECK(message_for((std::size_t{1} << 63) + 1, 2) ==
          "parmap::grid: 9223372036854775809 x 2 is more than PTRDIFF_MAX");
    CHECK(message_for(3'000'000, 3'000'000, 3'000'000) ==
          "parmap::grid: 3000000 x 3000000 x 3000000 is more than PTRDIFF_MAX");
    CHECK(message_for(huge, 1) != "nothing thrown");
    CHECK(message_for(1, huge) != "nothing thrown");
    CHECK(message_for(1, 1, std::size_t{1} << 63) != "nothing thrown");
}

TEST_CASE("a grid with an extent of 0 is empty, however large the others", "[grid]") {
    CHECK(grid(0, huge).empty());
    CHECK(grid(huge, 0).empty());
    CHECK(grid(huge, huge, 0).empty());
    CHECK(grid(huge, 0).begin() == grid(huge, 0).end());
}

TEST_CASE("a grid of PTRDIFF_MAX elements is still exact", "[grid]") {
    const auto wide = grid(PTRDIFF_MAX, 1);
    CHECK(wide.begin()[PTRDIFF_MAX - 1] ==
          pair{static_cast<std::size_t>(PTRDIFF_MAX) - 1, std::size_t{0}});
    // 2^63 - 1 = 7 * 7 * 73 * 127 * 337 * 92737 * 649657
    const auto square = grid(std::size_t{7} * 7 * 73 * 127 * 337, std::size_t{92737} * 649657);
    CHECK(square.end() - square.begin() == PTRDIFF_MAX);
    CHECK(square.begin()[PTRDIFF_MAX - 1] ==
          pair{std::size_t{7} * 7 * 73 * 127 * 337 - 1, std::size_t{92737} * 649657 - 1});
}

TEST_CASE("a grid is exact around 2^32 elements", "[grid]") {
    const std::size_t columns = 65537;
    const auto all = grid(std::size_t{1} << 20, columns);
    for (std::ptrdiff_t position = (std::ptrdiff_t{1} << 32) - 3;
         position < (std::ptrdiff_t{1} << 32) + 3; ++position) {
        const auto [row, column] = all.begin()[position];
        CHECK(row * columns + column == static_cast<std::size_t>(position));
        CHECK(column < columns);
    }
    const auto wide = grid(2, (std::size_t{1} << 32) + 1);
    CHECK(wide.begin()[5] == pair{0, 5});
    CHECK(wide.begin()[(std::ptrdiff_t{1} << 32) + 2] == pair{1, 1});
}

TEST_CASE("iterators of a grid jump and outlive it", "[grid]") {
    const auto first = grid(4, 5).begin();
    auto it = first + 7;
    CHECK(*it == pair{1, 2});
    CHECK(it[-2] == pair{1, 0});
    CHECK(*--it == pair{1, 1});
    CHECK(it - first == 6);
    CHECK(grid(4, 5).end() - first == 20);
    CHECK(first < it);
}
