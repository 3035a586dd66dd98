// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/one_pass.hpp"

#include <parmap/core/enumerate.hpp>
#include <parmap/core/indices.hpp>

#include <forward_list>
#include <iterator>
#include <list>
#include <memory>
#include <ranges>
#include <sstream>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

using parmap::enumerate;

template <class Range>
using enumerated = decltype(enumerate(std::declval<Range>()));

template <class Range>
using element = std::ranges::range_reference_t<enumerated<Range>>;

static_assert(std::ranges::view<enumerated<std::vector<int>&>>);
static_assert(std::ranges::random_access_range<enumerated<std::vector<int>&>>);
static_assert(std::ranges::random_access_range<const enumerated<std::vector<int>>>);
static_assert(std::ranges::sized_range<const enumerated<std::vector<int>>>);
static_assert(std::ranges::common_range<enumerated<std::vector<int>&>>);
static_assert(std::ranges::borrowed_range<enumerated<std::vector<int>&>>);
static_assert(!std::ranges::borrowed_range<enumerated<std::vector<int>>>);
static_assert(
    std::random_access_iterator<std::ranges::iterator_t<enumerated<const std::vector<int>&>>>);
static_assert(
    std::is_same_v<std::ranges::range_difference_t<enumerated<std::vector<int>&>>, std::ptrdiff_t>);
static_assert(std::is_same_v<element<std::vector<int>&>, std::tuple<std::size_t, int&>>);
static_assert(
    std::is_same_v<element<const std::vector<int>&>, std::tuple<std::size_t, const int&>>);
static_assert(std::is_same_v<element<std::vector<bool>&>,
                             std::tuple<std::size_t, std::vector<bool>::reference>>);
static_assert(std::is_same_v<std::ranges::range_value_t<enumerated<std::vector<int>&>>,
                             std::tuple<std::size_t, int&>>);
static_assert(std::ranges::forward_range<enumerated<std::list<int>&>>);
static_assert(!std::ranges::random_access_range<enumerated<std::list<int>&>>);
static_assert(std::ranges::sized_range<enumerated<std::list<int>&>>);
static_assert(!std::ranges::sized_range<enumerated<std::forward_list<int>&>>);
static_assert(std::ranges::input_range<enumerated<std::ranges::istream_view<int>>>);
static_assert(!std::ranges::forward_range<enumerated<std::ranges::istream_view<int>>>);
static_assert(!std::ranges::sized_range<enumerated<std::ranges::istream_view<int>>>);

TEST_CASE("enumerate pairs each element with its index", "[enumerate]") {
    for (const std::size_t n : {0U, 1U, 2U, 33U}) {
        std::vector<int> v(n, 5);
        for (auto [i, x] : enumerate(v))
            x = static_cast<int>(i) * 2;
        for (std::size_t i = 0; i < n; ++i)
            CHECK(v[i] == static_cast<int>(i) * 2);
        CHECK(enumerate(v).size() == n);
    }
}

TEST_CASE("enumerate reaches elements by index", "[enumerate]") {
    const std::vector<std::string> words{"a", "b", "c"};
    const auto all = enumerate(words);
    const auto first = all.begin();
    CHECK(first[2] == std::tuple<std::size_t, const std::string&>(2, words[2]));
    CHECK(&std::get<1>(first[1]) == &words[1]);
    CHECK(all.end() - first == 3);
    CHECK(std::get<0>(*(all.end() - 1)) == 2);
}

TEST_CASE("enumerate owns an rvalue, a move-only one too", "[enumerate]") {
    std::vector<std::unique_ptr<int>> owned;
    owned.push_back(std::make_unique<int>(7));
    auto all = enumerate(std::move(owned));
    static_assert(!std::copyable<decltype(all)>);
    CHECK(*std::get<1>(all[0]) == 7);
    auto moved = std::move(all);
    CHECK(*std::get<1>(moved[0]) == 7);
}

TEST_CASE("enumerate walks lists and single-pass sources", "[enumerate]") {
    std::list<int> list{1, 2, 3};
    for (auto [i, x] : enumerate(list))
        x += static_cast<int>(i);
    CHECK(list == std::list<int>{1, 3, 5});

    std::istringstream text("10 20 30");
    std::size_t sum = 0, count = 0;
    for (const auto& [i, x] : enumerate(std::views::istream<int>(text))) {
        sum += i * static_cast<std::size_t>(x);
        ++count;
    }
    CHECK(count == 3);
    CHECK(sum == 80);
}

TEST_CASE("values kept of an enumerated single-pass source stay their own", "[enumerate]") {
    std::istringstream text("one two three");
    auto all = enumerate(std::views::istream<std::string>(text));
    std::vector<std::ranges::range_value_t<decltype(all)>> kept;
    for (auto&& x : all)
        kept.emplace_back(x);
    REQUIRE(kept.size() == 3);
    CHECK(kept[0] == std::tuple<std::size_t, std::string>(0, "one"));
    CHECK(kept[1] == std::tuple<std::size_t, std::string>(1, "two"));
    CHECK(kept[2] == std::tuple<std::size_t, std::string>(2, "three"));
}

TEST_CASE("enumerate takes a source that can only be moved and gives rvalues", "[enumerate]") {
    auto make = [](std::size_t i) { return std::string(20, static_cast<char>('a' + i)); };
    auto all = enumerate(parmap_test::one_pass(3, make));
    static_assert(std::ranges::input_range<decltype(all)>);
    std::vector<std::string> taken;
    for (auto&& [i, x] : all)
        taken.push_back(std::forward<decltype(x)>(x));
    CHECK(taken == std::vector<std::string>{make(0), make(1), make(2)});
}

TEST_CASE("enumerate nests", "[enumerate]") {
    const std::vector<char> letters{'x', 'y'};
    const auto twice = enumerate(enumerate(letters));
    static_assert(std::ranges::random_access_range<decltype(twice)>);
    const auto [outer, inner] = twice[1];
    CHECK(outer == 1);
    CHECK(std::get<0>(inner) == 1);
    CHECK(std::get<1>(inner) == 'y');
    CHECK(std::get<1>(enumerate(parmap::indices(5))[3]) == 3);
}
