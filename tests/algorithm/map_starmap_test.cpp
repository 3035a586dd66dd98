// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <numeric>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/chunks.hpp>
#include <parmap/core/enumerate.hpp>
#include <parmap/core/grid.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/zip.hpp>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

std::vector<int> numbers(std::size_t n) {
    std::vector<int> all(n);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

} // namespace

TEST_CASE("a tuple-like element is spread over the parameters", "[algorithm][map][starmap]") {
    const std::vector<std::pair<int, int>> pairs{{1, 2}, {3, 4}, {5, 6}};
    const std::vector<std::tuple<int, int, int>> triples{{1, 2, 3}, {4, 5, 6}};
    const std::vector<std::array<int, 2>> arrays{{1, 2}, {3, 4}};
    const std::list<std::pair<int, int>> linked(pairs.begin(), pairs.end());
    for_each_setting([&](const setting& now) {
        const auto two = [](int a, int b) { return 10 * a + b; };
        const auto three = [](int a, int b, int c) { return 100 * a + 10 * b + c; };
        CHECK(parmap::parallel_map(pairs, two, now.options()) == std::vector{12, 34, 56});
        CHECK(parmap::parallel_map(linked, two, now.options()) == std::vector{12, 34, 56});
        CHECK(parmap::parallel_map(triples, three, now.options()) == std::vector{123, 456});
        CHECK(parmap::parallel_map(arrays, two, now.options()) == std::vector{12, 34});
    });
}

TEST_CASE("f(element) comes first, f(parts...) only if that is ill-formed",
          "[algorithm][map][starmap]") {
    struct both {
        int operator()(const std::pair<int, int>&) const { return 1; }
        int operator()(int, int) const { return 2; }
    };
    const std::vector<std::pair<int, int>> pairs(100, {1, 2});
    const std::vector<std::tuple<int>> singles(100, std::tuple<int>(7));
    for_each_setting([&](const setting& now) {
        CHECK(parmap::parallel_map(pairs, both{}, now.options()) == std::vector(100, 1));
        const auto how_many = [](const auto&... parts) { return sizeof...(parts); };
        CHECK(parmap::parallel_map(pairs, how_many, now.options()) ==
              std::vector(100, std::size_t{1}));
        const auto one = [](int x) { return x; };
        CHECK(parmap::parallel_map(singles, one, now.options()) == std::vector(100, 7));
    });
}

TEST_CASE("parts keep their references and values", "[algorithm][map][starmap]") {
    std::vector<std::pair<int, std::unique_ptr<int>>> pairs;
    for (int i = 0; i < 100; ++i) {
        pairs.emplace_back(i, std::make_unique<int>(i));
    }
    for_each_setting([&](const setting& now) {
        const auto out = parmap::parallel_map(
            pairs,
            [](int& a, std::unique_ptr<int>& b) {
                ++a;
                return a + *b;
            },
            now.options());
        CHECK(out.back() == pairs.back().first + 99);
    });
    CHECK(pairs.front().first == static_cast<int>(schedules.size() * pool_sizes.size() * 2));
}

TEST_CASE("member functions are starmapped too", "[algorithm][map][starmap]") {
    struct scale {
        int factor;
        int of(int x) const { return factor * x; }
    };
    const std::vector<std::pair<scale, int>> pairs{{{2}, 3}, {{4}, 5}};
    for_each_setting([&](const setting& now) {
        CHECK(parmap::parallel_map(pairs, &scale::of, now.options()) == std::vector{6, 20});
    });
}

TEST_CASE("grid(h, w) gives h*w results in row-major order", "[algorithm][map][starmap]") {
    for_each_setting({0, 1, 7}, [&](const setting& now) {
        const auto plane = parmap::parallel_map(
            parmap::grid(13, 17), [](auto i, auto j) { return static_cast<int>(i * 17 + j); },
            now.options());
        CHECK(plane == numbers(13 * 17));
        const auto cube = parmap::parallel_map(
            parmap::grid(3, 4, 5),
            [](auto i, auto j, auto k) { return static_cast<int>((i * 4 + j) * 5 + k); },
            now.options());
        CHECK(cube == numbers(60));
        const auto none =
            parmap::parallel_map(parmap::grid(0, 9), [](auto, auto) { return 1; }, now.options());
        CHECK(none.empty());
    });
}

TEST_CASE("indices(n) maps 0 to n-1", "[algorithm][map][starmap]") {
    for (const std::size_t n : small_sizes) {
        for_each_setting([&](const setting& now) {
            CHECK(parmap::parallel_map(
                      parmap::indices(n), [](auto i) { return static_cast<int>(i); },
                      now.options()) == numbers(n));
        });
    }
}

TEST_CASE("zip spreads over parameters, as long as the shortest", "[algorithm][map][starmap]") {
    const auto a = numbers(1000);
    auto b = numbers(999);
    const std::list<int> linked(a.begin(), a.end());
    for_each_setting([&](const setting& now) {
        const auto sum = [](int x, int y) { return x + y; };
        const auto out = parmap::parallel_map(parmap::zip(a, b), sum, now.options());
        REQUIRE(out.size() == 999);
        CHECK(out.back() == 2 * 998);
        const auto mixed = parmap::parallel_map(parmap::zip(linked, b), sum, now.options());
        CHECK(mixed == out);
        const auto address = [](const int&, int& y) -> const int* { return &y; };
        const auto where = parmap::parallel_map(parmap::zip(a, b), address, now.options());
        CHECK(where.back() == &b.back());
    });
}

TEST_CASE("enumerate and chunks are mapped", "[algorithm][map][starmap]") {
    const std::vector<std::string> words{"zero", "one", "two", "three"};
    const auto in = numbers(100);
    for_each_setting([&](const setting& now) {
        const auto numbered = parmap::parallel_map(
            parmap::enumerate(words),
            [](auto i, const std::string& word) { return std::to_string(i) + word; },
            now.options());
        CHECK(numbered == std::vector<std::string>{"0zero", "1one", "2two", "3three"});
        const auto sums = parmap::parallel_map(
            parmap::chunks(in, 7),
            [](auto&& part) { return std::accumulate(part.begin(), part.end(), 0); },
            now.options());
        REQUIRE(sums.size() == 15);
        CHECK(sums.back() == 98 + 99);
        CHECK(std::accumulate(sums.begin(), sums.end(), 0) == 99 * 50);
    });
}
