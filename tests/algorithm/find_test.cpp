// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <list>
#include <numeric>
#include <optional>
#include <parmap/parmap.hpp>
#include <ranges>
#include <thread>
#include <vector>

using namespace parmap_test;

TEST_CASE("find_if gives the lowest match, under every setting", "[algorithm][find]") {
    for (const std::size_t n : small_sizes) {
        std::list<std::size_t> listed(n);
        std::iota(listed.begin(), listed.end(), std::size_t{0});
        for_each_setting([&](const setting& now) {
            for (const std::size_t sought : {std::size_t{0}, n / 2, n - 1, n, n + 1}) {
                const auto matches = [sought](std::size_t i) { return i >= sought; };
                const auto expected = sought < n ? std::optional(sought) : std::nullopt;
                REQUIRE(parmap::find_if(parmap::indices(n), matches, now.options()) == expected);
                REQUIRE(parmap::find_if(listed, matches, now.options()) == expected);
                REQUIRE(parmap::any_of(listed, matches, now.options()) == expected.has_value());
                REQUIRE(parmap::none_of(listed, matches, now.options()) != expected.has_value());
                REQUIRE(parmap::all_of(parmap::indices(n), matches, now.options()) ==
                        (sought == 0 || n == 0));
                REQUIRE(parmap::count_if(parmap::indices(n), matches, now.options()) ==
                        (sought < n ? n - sought : 0));
            }
        });
    }
}

TEST_CASE("an exception below the match leaves, one above it is dropped", "[algorithm][find]") {
    for_each_setting([](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 40, 49, 51, 99}) {
            const auto pred = [bad](std::size_t i) {
                if (i == bad || i > 90)
                    throw item_error(i);
                return i == 50;
            };
            std::optional<std::size_t> found;
            const auto failed = failing_index(
                [&] { found = parmap::find_if(parmap::indices(100), pred, now.options()); });
            if (bad < 50) {
                REQUIRE(failed == bad);
            } else {
                REQUIRE_FALSE(failed);
                REQUIRE(found == 50);
            }
        }
    });
}

TEST_CASE("an endless source ends with its match", "[algorithm][find]") {
    const watchdog dog("endless find");
    auto endless =
        std::views::iota(std::size_t{0}) | std::views::filter([](std::size_t) { return true; });
    for_each_setting([&](const setting& now) {
        REQUIRE(
            parmap::find_if(endless, [](std::size_t i) { return i == 300; }, now.options()) == 300);
    });
}

TEST_CASE("a search ends early", "[algorithm][find]") {
    std::atomic<int> calls = 0;
    CHECK(parmap::any_of(parmap::indices(1'000'000), [&calls](std::size_t) {
        ++calls;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return true;
    }));
    CHECK(calls < 1000);
}

TEST_CASE("parts of tuples, and what converts to bool", "[algorithm][find]") {
    const std::vector<int> a{1, 2, 3};
    const std::vector<int> b{1, 5, 3};
    CHECK(parmap::find_if(parmap::zip(a, b), [](int x, int y) { return x != y; }) == 1);
    CHECK(parmap::all_of(parmap::zip(a, b), [](int x, int y) { return x <= y; }));
    CHECK(parmap::count_if(parmap::zip(a, b), [](int x, int y) { return x == y; }) == 2);
    CHECK(parmap::count_if(a, [](int x) { return x - 2; }) == 2);
}
