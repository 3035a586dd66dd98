// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"

#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <functional>
#include <initializer_list>
#include <list>
#include <memory>
#include <numeric>
#include <parmap/parmap.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

std::vector<double> numbers(std::size_t n) {
    std::mt19937_64 random(n);
    std::vector<double> x(n);
    for (double& value : x)
        value = std::ldexp(static_cast<double>(random() % 1'000'003), static_cast<int>(n % 40));
    return x;
}

// The tree of the documentation, written as it is defined.
template <class T, class Op>
T node(const std::vector<T>& x, std::size_t begin, std::size_t size, Op op) {
    if (size == 1)
        return x[begin];
    return op(node(x, begin, size / 2, op), node(x, begin + size / 2, size / 2, op));
}

template <class T, class Op>
T edge(const std::vector<T>& x, std::size_t begin, Op op) {
    std::size_t size = 1;
    while (size * 2 <= x.size() - begin)
        size *= 2;
    T whole = node(x, begin, size, op);
    return begin + size == x.size() ? whole : op(whole, edge(x, begin + size, op));
}

// Associative, does not commute, and shows the order and the shape.
const auto joined = [](std::string a, const std::string& b) { return std::move(a) + b; };

} // namespace

TEST_CASE("a reduction is that of the documented tree, bit for bit, under every setting",
          "[algorithm][reduce]") {
    for (const std::size_t n :
         std::initializer_list<std::size_t>{0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 1000, 5001}) {
        const auto x = numbers(n);
        const double expected = n == 0 ? 0.25 : 0.25 + edge(x, 0, std::plus<>());
        const std::list<double> listed(x.begin(), x.end());
        for_each_setting({0, 1, 64}, [&](const setting& now) {
            REQUIRE(parmap::parallel_reduce(x, 0.25, std::plus<>(), now.options()) == expected);
            REQUIRE(parmap::parallel_reduce(listed, 0.25, std::plus<>(), now.options()) ==
                    expected);
            REQUIRE(parmap::map_reduce(
                        parmap::indices(n), [&](std::size_t i) { return x[i]; }, 0.25,
                        std::plus<>(), now.options()) == expected);
        });
    }
}

TEST_CASE("op need not commute, and init enters once, leftmost", "[algorithm][reduce]") {
    for (const std::size_t n : small_sizes) {
        std::string expected = "<";
        for (std::size_t i = 0; i != n; ++i)
            expected += std::to_string(i) + ",";
        const auto name = [](std::size_t i) { return std::to_string(i) + ","; };
        for_each_setting([&](const setting& now) {
            REQUIRE(parmap::map_reduce(parmap::indices(n), name, std::string("<"), joined,
                                       now.options()) == expected);
            REQUIRE(parmap::map_reduce(one_pass(n, [](std::size_t i) { return i; }), name,
                                       std::string("<"), joined, now.options()) == expected);
        });
    }
}

TEST_CASE("values may be move-only, and each is destroyed once", "[algorithm][reduce]") {
    const auto add = [](counted a, counted b) { return counted(a.value() + b.value()); };
    for_each_setting([&](const setting& now) {
        counts.reset();
        REQUIRE(parmap::map_reduce(
                    parmap::indices(100),
                    [](std::size_t i) { return counted(static_cast<long>(i)); }, counted(0), add,
                    now.options())
                    .value() == 4950);
        REQUIRE(counts.balanced());
    });
}

TEST_CASE("elements are converted to the type of init first", "[algorithm][reduce]") {
    const std::vector<std::uint8_t> bytes(1000, 255);
    CHECK(parmap::parallel_reduce(bytes, std::uint64_t{0}, std::plus<>()) == 255'000);
    CHECK(parmap::parallel_reduce(std::vector<bool>{true, false, true}, 0, std::plus<>()) == 2);
    CHECK(parmap::map_reduce(
              parmap::zip(bytes, bytes), [](int a, int b) { return a + b; }, 0L, std::plus<>()) ==
          510'000);
}

TEST_CASE("a map that throws: the lowest index leaves, and nothing leaks", "[algorithm][reduce]") {
    const auto add = [](counted a, counted b) { return counted(a.value() + b.value()); };
    for_each_setting([&](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 1, 6, 7, 8, 62, 99}) {
            counts.reset();
            const auto map = [bad](std::size_t i) {
                if (i >= bad)
                    throw item_error(i);
                return counted(static_cast<long>(i));
            };
            REQUIRE(failing_index([&] {
                        parmap::map_reduce(parmap::indices(100), map, counted(0), add,
                                           now.options());
                    }) == bad);
            REQUIRE(counts.balanced());
        }
    });
}

TEST_CASE("an op that throws: the first in the order of the tree leaves", "[algorithm][reduce]") {
    // A value is the interval of items that it covers; nodes that end above `bad` throw their end.
    struct covered {
        std::size_t begin, end;
    };
    for (std::size_t bad = 1; bad != 70; ++bad) {
        const auto op = [bad](covered a, covered b) {
            if (b.end > bad)
                throw item_error(1000 * b.end + (b.end - a.begin));
            return covered{a.begin, b.end};
        };
        const auto cover = [](std::size_t i) { return covered{i, i + 1}; };
        // The first node that ends above `bad`: of those that end with the same leaf the lowest.
        const auto fails = [&](const parmap::options& how) {
            return failing_index([&] {
                const auto all =
                    parmap::map_reduce(parmap::indices(64), cover, covered{0, 0}, op, how);
                if (all.end == 64)
                    throw item_error(0);
            });
        };
        const auto expected = fails({.schedule = parmap::schedule::serial});
        REQUIRE(expected.has_value());
        for_each_setting([&](const setting& now) { REQUIRE(fails(now.options()) == expected); });
    }
}
