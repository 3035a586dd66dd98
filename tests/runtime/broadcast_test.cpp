// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/pools.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <cstddef>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/runtime/broadcast.hpp>
#include <set>
#include <stdexcept>
#include <tbb/global_control.h>
#include <thread>
#include <vector>

using namespace parmap_test;

TEST_CASE("every slot is called once, results are in slot order", "[runtime][broadcast]") {
    for (const std::size_t threads : {1u, 2u, 3u, 8u, 65u}) {
        parmap::pool pool(threads);
        for (int round = 0; round < 3; ++round) {
            std::vector<std::atomic<int>> calls(threads);
            const auto squares = parmap::broadcast(pool, [&](std::size_t slot) {
                ++calls[slot];
                return slot * slot;
            });
            REQUIRE(squares.size() == threads);
            for (std::size_t slot = 0; slot < threads; ++slot) {
                CHECK(calls[slot] == 1);
                CHECK(squares[slot] == slot * slot);
            }
        }
    }
}

TEST_CASE("slots run on distinct threads, the first on the caller", "[runtime][broadcast]") {
    const watchdog guard("broadcast on distinct threads");
    for (const std::size_t threads : pool_sizes) {
        parmap::pool pool(threads);
        rendezvous meeting(threads); // nobody can take two
        const auto ids = parmap::broadcast(pool, [&](std::size_t) {
            meeting.arrive();
            return std::this_thread::get_id();
        });
        CHECK(meeting.met());
        CHECK(ids.front() == std::this_thread::get_id());
        CHECK(std::set(ids.begin(), ids.end()).size() == threads);
    }
}

TEST_CASE("broadcast does not wait for threads that do not come", "[runtime][broadcast]") {
    const watchdog guard("broadcast without threads");
    SECTION("since they are busy") {
        parmap::pool& pool = pool_of(2);
        gate shut;
        std::jthread other([&] {
            parmap::parallel_for_each(
                parmap::indices(2), [&](std::size_t) { shut.pass(); },
                {.pool = &pool, .schedule = parmap::schedule::balanced, .grain = 1});
        });
        CHECK(shut.wait_for_arrivals(2));
        const auto ids =
            parmap::broadcast(pool, [](std::size_t) { return std::this_thread::get_id(); });
        CHECK(ids == std::vector(2, std::this_thread::get_id()));
        shut.open();
    }
    SECTION("since the application's limit keeps them away") {
        using tbb::global_control;
        const global_control control(global_control::max_allowed_parallelism, 1);
        parmap::pool pool(8);
        const auto ids =
            parmap::broadcast(pool, [](std::size_t) { return std::this_thread::get_id(); });
        CHECK(ids == std::vector(8, std::this_thread::get_id()));
    }
    SECTION("nor when it is called from its own slots") {
        std::atomic<std::size_t> calls = 0;
        parmap::broadcast(pool_of(3), [&](std::size_t) {
            parmap::broadcast(pool_of(3), [&](std::size_t) {
                parmap::broadcast(pool_of(2), [&](std::size_t) { ++calls; });
            });
        });
        CHECK(calls == 18);
    }
}

TEST_CASE("of several slots that throw the lowest is told", "[runtime][broadcast]") {
    for (const std::size_t threads : pool_sizes) {
        parmap::pool& pool = pool_of(threads);
        for (std::size_t lowest = 0; lowest < threads; ++lowest) {
            counts.reset();
            std::atomic<std::size_t> calls = 0;
            const auto failed = failing_index([&] {
                const auto values = parmap::broadcast(pool, [&](std::size_t slot) {
                    ++calls;
                    if (slot >= lowest)
                        throw item_error(slot);
                    return counted(static_cast<long>(slot));
                });
            });
            CHECK(failed == lowest);
            CHECK(calls == threads);
            CHECK(counts.balanced());
        }
    }
}

TEST_CASE("broadcast takes bools, move-only results and none", "[runtime][broadcast]") {
    parmap::pool& pool = pool_of(8);
    const auto odd = parmap::broadcast(pool, [](std::size_t slot) { return slot % 2 == 1; });
    CHECK(odd == std::vector{false, true, false, true, false, true, false, true});
    counts.reset();
    {
        const auto values = parmap::broadcast(
            pool, [](std::size_t slot) { return counted(static_cast<long>(slot)); });
        CHECK(values.back().value() == 7);
    }
    CHECK(counts.balanced());
    std::atomic<std::size_t> sum = 0;
    parmap::broadcast(pool, [&](std::size_t slot) { sum += slot; });
    CHECK(sum == 28);
}

TEST_CASE("many threads may broadcast on one pool", "[runtime][broadcast]") {
    const watchdog guard("many broadcasts");
    std::atomic<std::size_t> calls = 0;
    on_threads(4, [&](std::size_t) {
        for (int round = 0; round < 20; ++round)
            parmap::broadcast(pool_of(3), [&](std::size_t) { ++calls; });
    });
    CHECK(calls == 4 * 20 * 3);
}

TEST_CASE("a pool that was shut down broadcasts nothing", "[runtime][broadcast]") {
    parmap::pool pool(2);
    pool.shutdown();
    std::atomic<int> calls = 0;
    CHECK_THROWS_AS(parmap::broadcast(pool, [&](std::size_t) { ++calls; }), std::logic_error);
    CHECK(calls == 0);
}
