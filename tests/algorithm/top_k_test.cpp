// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/item_error.hpp"
#include "support/schedules.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <list>
#include <parmap/parmap.hpp>
#include <random>
#include <utility>
#include <vector>

using namespace parmap_test;

TEST_CASE("top_k gives the first k of a stable sort, under every setting", "[algorithm][top_k]") {
    using pair = std::pair<int, std::size_t>;
    for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 33, 64, 65, 1000}) {
        std::mt19937 random(3);
        std::vector<pair> x;
        for (std::size_t i = 0; i != n; ++i)
            x.emplace_back(static_cast<int>(random() % 20), i);
        const auto greater = [](const pair& a, const pair& b) { return a.first > b.first; };
        auto sorted = x;
        std::ranges::stable_sort(sorted, greater);
        const std::list<pair> listed(x.begin(), x.end());
        for (const std::size_t k : {std::size_t{0}, std::size_t{1}, std::size_t{10}, n, n + 5}) {
            const std::vector<pair> expected(
                sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(std::min(k, n)));
            for_each_setting([&](const setting& now) {
                REQUIRE(parmap::top_k(x, k, greater, now.options()) == expected);
                REQUIRE(parmap::top_k(listed, k, greater, now.options()) == expected);
            });
        }
    }
    CHECK(parmap::top_k(std::vector<int>{3, 9, 4}, 2, std::greater<>()) == std::vector<int>{9, 4});
}

TEST_CASE("a comparison that throws: always the same exception", "[algorithm][top_k]") {
    for (const int bad : {0, 100, 499}) {
        const auto compare = [bad](int a, int b) {
            if (a == bad || b == bad)
                throw item_error(static_cast<std::size_t>(bad));
            return a < b;
        };
        std::vector<int> x(500);
        for (std::size_t i = 0; i != x.size(); ++i)
            x[i] = static_cast<int>(i);
        for_each_setting([&](const setting& now) {
            REQUIRE(failing_index([&] { parmap::top_k(x, 5, compare, now.options()); }) ==
                    static_cast<std::size_t>(bad));
        });
    }
}
