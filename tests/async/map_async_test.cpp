// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <numeric>
#include <parmap/parmap.hpp>
#include <ranges>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

TEST_CASE("map_async gives what parallel_map does, under every setting", "[async][map_async]") {
    const watchdog dog("map_async");
    for_each_setting([](const setting& now) {
        for (const std::size_t n : small_sizes) {
            std::vector<std::size_t> v(n);
            std::iota(v.begin(), v.end(), std::size_t{0});
            auto later = parmap::map_async(v, [](std::size_t i) { return i * i; }, now.options());
            const auto results = later.get();
            REQUIRE(results.size() == n);
            for (std::size_t i = 0; i != n; ++i)
                REQUIRE(results[i] == i * i);
            REQUIRE(later.progress().done == n);
            REQUIRE(later.progress().total == n);
        }
    });
}

TEST_CASE("an rvalue range lives in the future, an lvalue is referred to", "[async][map_async]") {
    auto owned = parmap::map_async(std::vector<std::unique_ptr<int>>(3),
                                   [](const std::unique_ptr<int>& p) { return p == nullptr; });
    CHECK(owned.get() == std::vector<bool>{true, true, true});

    std::list<int> list{1, 2, 3};
    parmap::for_each_async(list, [](int& x) { x *= 2; }).get();
    CHECK(list == std::list<int>{2, 4, 6});
    CHECK(parmap::reduce_async(list, 0, std::plus<>()).get() == 12);
    CHECK(parmap::map_reduce_async(
              std::list<int>{1, 2, 3}, [](int x) { return x + 0.5; }, 0.0, std::plus<>())
              .get() == 7.5);
}

TEST_CASE("map_async ends with the exception of the lowest index", "[async][map_async]") {
    for_each_setting([](const setting& now) {
        auto later = parmap::map_async(
            parmap::indices(100),
            [](std::size_t i) {
                if (i % 7 == 5)
                    throw item_error(i);
                return i;
            },
            now.options());
        REQUIRE(failing_index([&] { later.get(); }) == 5);
    });
}

TEST_CASE("either stop ends a map_async: the future's and the caller's", "[async][map_async]") {
    const watchdog dog("stopped map_async");
    const auto slow = [](std::size_t i) {
        std::this_thread::sleep_for(1ms);
        return i;
    };
    auto stopped = parmap::map_async(parmap::indices(100'000), slow);
    while (stopped.progress().done == 0)
        std::this_thread::yield();
    stopped.request_stop();
    CHECK_THROWS_AS(stopped.get(), parmap::operation_cancelled);
    CHECK(stopped.progress().done < 100'000);

    std::stop_source source;
    auto by_caller =
        parmap::map_async(parmap::indices(100'000), slow, {.stop = source.get_token()});
    source.request_stop();
    CHECK_THROWS_AS(by_caller.get(), parmap::operation_cancelled);

    auto late = parmap::map_async(parmap::indices(100'000), slow,
                                  {.deadline = std::chrono::steady_clock::now() + 20ms});
    CHECK_THROWS_AS(late.get(), parmap::deadline_exceeded);

    {
        auto dropped = parmap::map_async(parmap::indices(100'000), slow);
    }
}

TEST_CASE("packed bits that are walked on one thread count as well", "[async][map_async]") {
    std::vector<bool> bits(1000);
    auto later = parmap::for_each_async(std::views::filter(bits, [](bool) { return true; }),
                                        [](std::vector<bool>::reference bit) { bit = true; });
    later.get();
    CHECK(later.progress().done == 1000);
    CHECK(bits == std::vector<bool>(1000, true));
}

TEST_CASE("timing adds up the items", "[async][map_async]") {
    auto later = parmap::map_async(parmap::indices(8),
                                   [](std::size_t) {
                                       std::this_thread::sleep_for(5ms);
                                       return 0;
                                   },
                                   {.pool = &pool_of(8), .schedule = parmap::schedule::balanced});
    later.get();
    CHECK(later.timing().serial >= 40ms);
    CHECK(later.timing().speedup() > 0);
    auto listed = parmap::map_async(std::list<int>{1, 2, 3, 4}, [](int x) {
        std::this_thread::sleep_for(2ms);
        return x;
    });
    listed.get();
    CHECK(listed.timing().serial >= 8ms);
    CHECK(listed.progress().total == 4);
}
