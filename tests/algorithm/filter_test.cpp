// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"

#include <cstddef>
#include <initializer_list>
#include <list>
#include <memory>
#include <numeric>
#include <parmap/parmap.hpp>
#include <ranges>
#include <tuple>
#include <utility>
#include <vector>

using namespace parmap_test;

TEST_CASE("filter keeps those that hold, in order, under every setting", "[algorithm][filter]") {
    for (const std::size_t n :
         std::initializer_list<std::size_t>{0, 1, 2, 33, 1000, 4096, 4097, 9000}) {
        std::vector<std::size_t> x(n), expected;
        std::iota(x.begin(), x.end(), std::size_t{0});
        const auto keep = [](std::size_t i) { return i % 3 == 1 || i > 8990; };
        for (const std::size_t i : x) {
            if (keep(i))
                expected.push_back(i);
        }
        const std::list<std::size_t> listed(x.begin(), x.end());
        for_each_setting([&](const setting& now) {
            REQUIRE(parmap::parallel_filter(x, keep, now.options()) == expected);
            REQUIRE(parmap::parallel_filter(listed, keep, now.options()) == expected);
            REQUIRE(parmap::parallel_filter(
                        x, [](std::size_t) { return false; }, now.options())
                        .empty());
            REQUIRE(
                parmap::parallel_filter(x, [](std::size_t) { return true; }, now.options()) == x);
        });
    }
}

TEST_CASE("filter of values that can only be moved, bits and tuples of references",
          "[algorithm][filter]") {
    const auto kept = parmap::parallel_filter(
        one_pass(50, [](std::size_t i) { return std::make_unique<std::size_t>(i); }),
        [](const std::unique_ptr<std::size_t>& p) { return *p % 2 == 0; });
    REQUIRE(kept.size() == 25);
    CHECK(*kept[24] == 48);
    CHECK(parmap::parallel_filter(std::vector<bool>{true, false, true}, [](bool b) { return b; }) ==
          std::vector<bool>{true, true});
    std::vector<int> a{1, 2, 3}, b{3, 2, 1};
    auto pairs = parmap::parallel_filter(parmap::zip(a, b), [](int x, int y) { return x <= y; });
    REQUIRE(pairs.size() == 2);
    std::get<0>(pairs[1]) = 20;
    CHECK(a[1] == 20);
}

TEST_CASE("a predicate that throws: the lowest index leaves, and nothing leaks",
          "[algorithm][filter]") {
    for_each_setting([](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 1, 50, 99}) {
            counts.reset();
            const auto make = [](std::size_t i) { return counted(static_cast<long>(i)); };
            const auto pred = [bad](const counted& c) {
                if (static_cast<std::size_t>(c.value()) >= bad)
                    throw item_error(static_cast<std::size_t>(c.value()));
                return true;
            };
            REQUIRE(failing_index([&] {
                        parmap::parallel_filter(one_pass(100, make), pred, now.options());
                    }) == bad);
            REQUIRE(failing_index([&] {
                        parmap::parallel_filter(parmap::indices(100) | std::views::transform(make),
                                                pred, now.options());
                    }) == bad);
            REQUIRE(counts.balanced());
        }
    });
}
