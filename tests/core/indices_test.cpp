// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <parmap/core/indices.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <ranges>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

using parmap::indices;
using view = decltype(indices(1));
using iterator = std::ranges::iterator_t<view>;

static_assert(std::ranges::view<view>);
static_assert(std::ranges::random_access_range<view>);
static_assert(std::ranges::random_access_range<const view>);
static_assert(std::ranges::sized_range<const view>);
static_assert(std::ranges::common_range<view>);
static_assert(std::ranges::borrowed_range<view>);
static_assert(std::random_access_iterator<iterator>);
static_assert(!std::contiguous_iterator<iterator>);
static_assert(std::sized_sentinel_for<iterator, iterator>);
static_assert(std::is_same_v<std::iter_difference_t<iterator>, std::ptrdiff_t>);
static_assert(std::is_same_v<std::iter_value_t<iterator>, std::size_t>);
static_assert(std::is_same_v<std::iter_reference_t<iterator>, std::size_t>);
static_assert(std::is_same_v<std::ranges::range_difference_t<view>, std::ptrdiff_t>);
static_assert(std::is_trivially_copyable_v<iterator>);
static_assert(sizeof(iterator) == sizeof(std::ptrdiff_t));
static_assert(noexcept(*iterator()) && noexcept(iterator()[1]));
static_assert(*std::ranges::begin(indices(3)) == 0, "usable in constant expressions");

template <class T>
concept can_be_counted = requires(T n) { indices(n); };
static_assert(!can_be_counted<double>);
static_assert(!can_be_counted<const char*>);
static_assert(can_be_counted<const short>);

namespace {

template <class I>
std::string message_for(I n) {
    try {
        static_cast<void>(indices(n));
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "nothing thrown";
}

} // namespace

TEST_CASE("indices counts from 0 to n-1", "[indices]") {
    for (const std::size_t n : {0U, 1U, 2U, 33U}) {
        std::vector<std::size_t> seen;
        for (const auto i : indices(n))
            seen.push_back(i);
        REQUIRE(seen.size() == n);
        for (std::size_t i = 0; i < n; ++i)
            CHECK(seen[i] == i);
        CHECK(indices(n).size() == n);
        CHECK(indices(n).empty() == (n == 0));
    }
}

TEST_CASE("indices takes any integral", "[indices]") {
    CHECK(indices(3).size() == 3);
    CHECK(indices(3U).size() == 3);
    CHECK(indices(short{3}).size() == 3);
    CHECK(indices(std::int8_t{127}).size() == 127);
    CHECK(indices(std::uint8_t{255}).size() == 255);
    CHECK(indices(std::int64_t{1} << 40).size() == std::size_t{1} << 40);
    CHECK(indices('\3').size() == 3);
    CHECK(indices(char32_t{3}).size() == 3);
    CHECK(indices(true).size() == 1);
    CHECK(view().empty());
}

TEST_CASE("indices names an n that makes no sense", "[indices]") {
    CHECK(message_for(-3) == "parmap::indices: n = -3 is negative");
    CHECK(message_for(static_cast<signed char>(-1)) == "parmap::indices: n = -1 is negative");
    CHECK(message_for(std::numeric_limits<long long>::min()) ==
          "parmap::indices: n = -9223372036854775808 is negative");
    CHECK(message_for(std::numeric_limits<std::uint64_t>::max()) ==
          "parmap::indices: n = 18446744073709551615 is more than PTRDIFF_MAX");
}

TEST_CASE("indices reaches up to PTRDIFF_MAX and its distances hold there", "[indices]") {
    constexpr std::ptrdiff_t most = PTRDIFF_MAX;
    const auto all = indices(most);
    CHECK(all.size() == static_cast<std::size_t>(most));
    CHECK(all.end() - all.begin() == most);
    CHECK(all.begin() - all.end() == -most);
    CHECK(all.begin()[most - 1] == static_cast<std::size_t>(most) - 1);
    CHECK(message_for(static_cast<std::size_t>(most) + 1) != "nothing thrown");
}

TEST_CASE("iterators of indices step, jump and compare", "[indices]") {
    const auto ten = indices(10);
    auto it = ten.begin();
    CHECK(*it++ == 0);
    CHECK(*it == 1);
    CHECK(*++it == 2);
    CHECK(*it-- == 2);
    CHECK(*--it == 0);
    it += 7;
    CHECK(*it == 7);
    it -= 2;
    CHECK(*it == 5);
    CHECK(it[-5] == 0);
    CHECK(it[4] == 9);
    CHECK(*(it + 1) == 6);
    CHECK(*(1 + it) == 6);
    CHECK(*(it - 1) == 4);
    CHECK(it - ten.begin() == 5);
    CHECK(ten.begin() - it == -5);
    CHECK(ten.begin() < it);
    CHECK(it <= it);
    CHECK(ten.end() > it);
    CHECK(it != ten.end());
    CHECK(ten.begin() + 10 == ten.end());
}

TEST_CASE("iterators of indices outlive the view", "[indices]") {
    const auto first = indices(5).begin();
    CHECK(first[4] == 4);
    const auto found = std::ranges::find(indices(100), std::size_t{42});
    CHECK(*found == 42);
}

TEST_CASE("indices composes with standard views and algorithms", "[indices]") {
    auto odd_squares = indices(6) | std::views::filter([](std::size_t i) { return i % 2 == 1; }) |
                       std::views::transform([](std::size_t i) { return i * i; });
    CHECK(std::ranges::equal(odd_squares, std::vector<std::size_t>{1, 9, 25}));
    auto backwards = indices(4) | std::views::reverse;
    CHECK(std::ranges::equal(backwards, std::vector<std::size_t>{3, 2, 1, 0}));
    CHECK(*std::ranges::lower_bound(indices(1000), std::size_t{77}) == 77);
    CHECK(indices(4).front() == 0);
    CHECK(indices(4).back() == 3);
    CHECK(indices(4)[2] == 2);
}
