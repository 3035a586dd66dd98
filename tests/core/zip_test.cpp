// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/one_pass.hpp"

#include <parmap/core/grid.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/zip.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <forward_list>
#include <iterator>
#include <list>
#include <memory>
#include <ranges>
#include <span>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

using parmap::zip;

template <class... Ranges>
using zipped = decltype(zip(std::declval<Ranges>()...));

template <class Range>
concept is_indexed =
    std::ranges::random_access_range<Range> && std::ranges::sized_range<Range> &&
    std::ranges::common_range<Range> && std::random_access_iterator<std::ranges::iterator_t<Range>>;

template <class... Ranges>
concept can_be_zipped = requires(Ranges&&... ranges) { zip(std::forward<Ranges>(ranges)...); };

using ints = std::vector<int>;
using bits = std::vector<bool>;
using lines = std::ranges::istream_view<std::string>;

static_assert(std::ranges::view<zipped<ints&, ints>>);
static_assert(is_indexed<zipped<ints&>>);
static_assert(is_indexed<zipped<ints&, const ints&, ints, bits&>>);
static_assert(is_indexed<const zipped<ints&, const ints&, ints, bits&>>);
static_assert(is_indexed<zipped<std::deque<int>&, std::span<int>, int (&)[3]>>);
static_assert(is_indexed<zipped<parmap::indices_view, parmap::grid_view>>);
static_assert(is_indexed<zipped<ints&, std::ranges::iota_view<std::size_t, std::size_t>>>);
static_assert(is_indexed<zipped<ints&, std::ranges::iota_view<std::size_t>>>, "endless beside");
static_assert(!std::ranges::sized_range<zipped<std::ranges::iota_view<int>>>, "endless alone");
static_assert(std::ranges::forward_range<zipped<std::ranges::iota_view<int>>>);

static_assert(std::ranges::forward_range<zipped<ints&, std::list<int>&>>);
static_assert(std::ranges::forward_range<const zipped<ints, std::list<int>>>);
static_assert(!std::ranges::bidirectional_range<zipped<ints&, std::list<int>&>>);
static_assert(std::ranges::sized_range<zipped<ints&, std::list<int>&>>);
static_assert(!std::ranges::sized_range<zipped<ints&, std::forward_list<int>&>>);
static_assert(std::ranges::input_range<zipped<ints&, lines>>);
static_assert(!std::ranges::forward_range<zipped<ints&, lines>>);
static_assert(!std::copyable<std::ranges::iterator_t<zipped<lines>>> ||
              std::copyable<std::ranges::iterator_t<lines>>);

static_assert(std::ranges::borrowed_range<zipped<ints&, std::span<int>>>);
static_assert(!std::ranges::borrowed_range<zipped<ints&, ints>>);

template <class... Ranges>
using element = std::ranges::range_reference_t<zipped<Ranges...>>;

static_assert(std::is_same_v<element<ints&>, std::tuple<int&>>);
static_assert(std::is_same_v<element<ints&, const ints&, bits&, parmap::indices_view>,
                             std::tuple<int&, const int&, bits::reference, std::size_t>>);
static_assert(std::is_same_v<element<const bits&>, std::tuple<bits::const_reference>>);
static_assert(
    std::is_same_v<std::ranges::range_reference_t<const zipped<ints>>, std::tuple<const int&>>);
static_assert(std::is_same_v<std::ranges::range_value_t<zipped<ints&, bits&>>,
                             std::tuple<int&, bits::reference>>);
static_assert(std::is_same_v<std::ranges::range_value_t<zipped<ints&, std::list<int>&>>,
                             std::tuple<int&, int&>>);
static_assert(
    std::is_same_v<
        std::ranges::range_difference_t<zipped<std::ranges::iota_view<std::size_t, std::size_t>>>,
        std::ptrdiff_t>);
static_assert(noexcept(std::declval<std::ranges::iterator_t<zipped<std::span<int>>>>()[0]));

static_assert(!can_be_zipped<>);
static_assert(!can_be_zipped<ints&, int>);

namespace {

struct made { // made on the fly, neither copied nor default-constructed
    explicit made(int value) : x(std::make_unique<int>(value)) {}
    std::unique_ptr<int> x;
};

} // namespace

TEST_CASE("zip is as long as the shortest", "[zip]") {
    for (const std::size_t a : {0U, 1U, 2U, 33U}) {
        for (const std::size_t b : {0U, 1U, 2U, 33U}) {
            const std::vector<std::size_t> left(a, 1);
            std::vector<std::size_t> right(b, 0);
            const auto both = zip(left, right);
            const std::size_t n = std::min(a, b);
            CHECK(both.size() == n);
            CHECK(both.end() - both.begin() == static_cast<std::ptrdiff_t>(n));
            CHECK(both.empty() == (n == 0));
            std::size_t steps = 0;
            for (auto [x, y] : both) {
                y = x + steps++;
            }
            CHECK(steps == n);
            for (std::size_t i = 0; i < n; ++i)
                CHECK(right[i] == i + 1);
        }
    }
}

TEST_CASE("elements of a zip are references to those of its ranges", "[zip]") {
    ints a{1, 2, 3};
    std::deque<std::string> b{"x", "y", "z"};
    const auto first = zip(a, b).begin(); // outlives the zip, as all ranges do
    CHECK(&std::get<0>(first[1]) == &a[1]);
    CHECK(&std::get<1>(first[2]) == &b[2]);
    std::get<1>(first[0]) = "changed";
    CHECK(b[0] == "changed");
    const std::vector<std::tuple<int&, std::string&>> kept{first[2]};
    std::get<0>(kept[0]) = 33;
    CHECK(a[2] == 33);
}

TEST_CASE("iterators of a zip step, jump and compare", "[zip]") {
    const std::array<int, 5> a{0, 1, 2, 3, 4};
    const auto both = zip(a, parmap::indices(7));
    auto it = both.begin();
    CHECK(*it++ == std::tuple<int, std::size_t>(0, 0));
    CHECK(*++it == std::tuple<int, std::size_t>(2, 2));
    CHECK(it[2] == std::tuple<int, std::size_t>(4, 4));
    CHECK(it[-1] == std::tuple<int, std::size_t>(1, 1));
    CHECK((it += 2) == both.end() - 1);
    CHECK(*(it - 3) == std::tuple<int, std::size_t>(1, 1));
    CHECK(*(-4 + it) == *both.begin());
    CHECK(both.begin() < it);
    CHECK(it - both.end() == -1);
}

TEST_CASE("zip handles elements that are not references", "[zip]") {
    bits flags{true, false, true};
    for (auto [flag, i] : zip(flags, parmap::indices(3)))
        flag = i == 1;
    CHECK(flags == bits{false, true, false});

    auto made_ones = parmap::indices(3) |
                     std::views::transform([](std::size_t i) { return made(static_cast<int>(i)); });
    auto both = zip(made_ones, flags);
    static_assert(is_indexed<decltype(both)>);
    CHECK(*std::get<0>(both[2]).x == 2);
    CHECK(*std::get<0>(zip(made_ones)[1]).x == 1);
}

TEST_CASE("zip nests", "[zip]") {
    ints a{1, 2};
    const ints b{3, 4};
    const auto nested = zip(zip(a), zip(zip(a, b), b), parmap::grid(1, 2));
    static_assert(is_indexed<decltype(nested)>);
    const auto [one, more, cell] = nested[1];
    CHECK(&std::get<0>(one) == &a[1]);
    CHECK(&std::get<1>(std::get<0>(more)) == &b[1]);
    CHECK(std::get<1>(cell) == 1);

    std::list<int> list{5, 6};
    auto mixed = zip(zip(list, a), b);
    static_assert(std::ranges::forward_range<decltype(mixed)>);
    int sum = 0;
    for (const auto& [inner, z] : mixed)
        sum += std::get<0>(inner) * std::get<1>(inner) * z;
    CHECK(sum == 5 * 1 * 3 + 6 * 2 * 4);
}

TEST_CASE("zip owns rvalues and refers to lvalues", "[zip]") {
    ints here{1, 2, 3};
    auto both = zip(ints{7, 8, 9}, here);
    here[2] = 30;
    CHECK(both[2] == std::tuple<int, int>(9, 30));
    CHECK(std::as_const(both)[0] == std::tuple<int, int>(7, 1));

    std::vector<std::unique_ptr<int>> owned(1);
    owned[0] = std::make_unique<int>(4);
    auto first = zip(std::move(owned), here);
    static_assert(std::movable<decltype(first)> && !std::copyable<decltype(first)>);
    auto second = std::move(first);
    REQUIRE(second.size() == 1);
    CHECK(*std::get<0>(second[0]) == 4);
}

TEST_CASE("an endless range takes no size away", "[zip]") {
    const ints a{5, 6, 7};
    const auto counted = zip(std::views::iota(10), a);
    REQUIRE(counted.size() == 3);
    CHECK(counted[2] == std::tuple<int, int>(12, 7));

    std::list<int> list{1, 2};
    int sum = 0;
    for (const auto& [i, x] : zip(std::views::iota(1), list))
        sum += i * x;
    CHECK(sum == 5);

    int steps = 0;
    for (const auto& [i, j] : zip(std::views::iota(0), std::views::iota(5))) {
        CHECK(j - i == 5);
        if (++steps == 4)
            break;
    }
}

TEST_CASE("a forward zip may be walked again from any copy", "[zip]") {
    const std::forward_list<int> a{1, 2, 3};
    const std::list<int> b{4, 5};
    const auto both = zip(a, b);
    auto it = both.begin();
    const auto start = it++;
    CHECK(start == both.begin());
    CHECK(start != it);
    CHECK(*start == std::tuple<int, int>(1, 4));
    CHECK(*it == std::tuple<int, int>(2, 5));
    CHECK(std::ranges::distance(both) == 2);
    const std::list<int> none;
    CHECK(zip(b, a, none).begin() == zip(b, a, none).end());
    CHECK(zip(b, ints{1}).size() == 1);
}

TEST_CASE("zip takes ranges that can be begun only where they are not const", "[zip]") {
    const ints a{1, 2, 3, 4};
    auto even = a | std::views::filter([](int x) { return x % 2 == 0; });
    auto both = zip(even, a);
    static_assert(std::ranges::forward_range<decltype(both)>);
    CHECK(std::ranges::distance(both) == 2);
    auto owned = zip(a | std::views::filter([](int x) { return x > 1; }), a);
    static_assert(!std::ranges::range<const decltype(owned)>);
    CHECK(*owned.begin() == std::tuple<int, int>(2, 1));
}

TEST_CASE("a single-pass zip reads each source once, from left to right", "[zip]") {
    std::istringstream text("a b c d");
    std::string order;
    for (const auto& [x, y] :
         zip(std::views::istream<char>(text), std::views::istream<char>(text))) {
        order += x;
        order += y;
    }
    CHECK(order == "abcd");

    std::istringstream longer("1 2 3 4 5");
    const ints two{10, 20};
    int sum = 0;
    for (const auto& [x, y] : zip(two, std::views::istream<int>(longer)))
        sum += x * y;
    CHECK(sum == 50);
}

TEST_CASE("values kept of a single-pass zip are apart from each other", "[zip]") {
    std::istringstream text("one two three");
    std::vector<std::unique_ptr<int>> stable(3); // multi-pass: referred to, as ever
    auto both = zip(std::views::istream<std::string>(text), stable);
    using kept = std::ranges::range_value_t<decltype(both)>;
    static_assert(std::is_same_v<kept, std::tuple<std::string, std::unique_ptr<int>&>>);
    std::vector<kept> all;
    for (auto&& element : both)
        all.emplace_back(element);
    REQUIRE(all.size() == 3);
    CHECK(std::get<0>(all[0]) == "one");
    CHECK(std::get<0>(all[2]) == "three");
    CHECK(&std::get<1>(all[1]) == &stable[1]);
}

TEST_CASE("a zip of a source that can only be moved", "[zip]") {
    auto make = [](std::size_t i) { return std::string(i, 'x'); };
    auto both = zip(parmap_test::one_pass(4, make), parmap::indices(10));
    static_assert(std::ranges::input_range<decltype(both)>);
    std::size_t count = 0;
    for (auto&& [text, i] : both) {
        CHECK(text.size() == i);
        ++count;
    }
    CHECK(count == 4);
}

TEST_CASE("one shared iterator of a zip serves many threads", "[zip]") {
    std::vector<std::size_t> a(1000), b(1000, 1);
    const auto first = zip(a, b, parmap::grid(10, 100), parmap::indices(1000)).begin();
    std::vector<std::thread> threads;
    for (std::ptrdiff_t t = 0; t < 4; ++t) {
        threads.emplace_back([&first, t] {
            for (std::ptrdiff_t i = t; i < 1000; i += 4) {
                const auto [x, y, cell, k] = first[i];
                x = y + std::get<0>(cell) * 100 + std::get<1>(cell) + k;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    for (std::size_t i = 0; i < 1000; ++i)
        REQUIRE(a[i] == 2 * i + 1);
}
