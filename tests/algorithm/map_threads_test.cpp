// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/map.hpp>
#include <thread>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

std::vector<std::size_t> indices_of(std::size_t n) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// Waits until `count` reaches `target`; false if that takes absurdly long.
bool reaches(const std::atomic<std::size_t>& count, std::size_t target) {
    const auto patience = std::chrono::steady_clock::now() + 20s;
    while (count < target) {
        if (std::chrono::steady_clock::now() > patience) {
            return false;
        }
        std::this_thread::sleep_for(100us);
    }
    return true;
}

} // namespace

TEST_CASE("serial runs on the caller, in order", "[algorithm][map][threads]") {
    const auto in = indices_of(1000);
    for (const std::size_t threads : pool_sizes) {
        for (const std::size_t grain : grains_for(1000)) {
            const setting now{parmap::schedule::serial, threads, grain};
            std::vector<std::size_t> order; // unguarded: one thread, or a race to be found
            bool mine = true;
            const auto me = std::this_thread::get_id();
            parmap::parallel_for_each(
                in,
                [&](std::size_t i) {
                    order.push_back(i);
                    mine = mine && std::this_thread::get_id() == me;
                },
                now.options());
            CHECK(order == in);
            CHECK(mine);
        }
    }
}

TEST_CASE("a pool of one is the caller alone, in order", "[algorithm][map][threads]") {
    const auto in = indices_of(300);
    for (const auto schedule : schedules) {
        for (const std::size_t grain : grains_for(300)) {
            const setting now{schedule, 1, grain};
            INFO(now.name());
            call_log log(300);
            (void)parmap::parallel_map(
                in,
                [&](std::size_t i) {
                    const auto visit = log.enter(i);
                    std::this_thread::sleep_for(20us);
                    return i;
                },
                now.options());
            CHECK(log.threads() == std::set{std::this_thread::get_id()});
            CHECK(log.most_at_once() == 1);
        }
    }
}

TEST_CASE("at most n threads work on one call", "[algorithm][map][threads]") {
    const watchdog guard("threads: at most n");
    const auto in = indices_of(400);
    for_each_setting({0, 1, 7}, [&](const setting& now) {
        call_log log(400);
        (void)parmap::parallel_map(
            in,
            [&](std::size_t i) {
                const auto visit = log.enter(i);
                std::this_thread::sleep_for(50us);
                return i;
            },
            now.options());
        CHECK(log.most_at_once() <= now.threads);
        CHECK(log.threads().size() <= now.threads);
    });
}

TEST_CASE("n heavy items on n threads, the caller among them, all run at once",
          "[algorithm][map][threads]") {
    const watchdog guard("threads: all at once");
    for (const auto schedule : parallel_schedules) {
        for (const std::size_t threads : {std::size_t{2}, std::size_t{3}, std::size_t{8}}) {
            for (const std::size_t grain : {std::size_t{0}, std::size_t{1}}) {
                const setting now{schedule, threads, grain};
                INFO(now.name());
                call_log log(threads);
                std::atomic<std::size_t> inside = 0;
                const auto met = parmap::parallel_map(
                    indices_of(threads),
                    [&](std::size_t i) {
                        const auto visit = log.enter(i);
                        ++inside;
                        const bool together = reaches(inside, threads);
                        std::this_thread::sleep_for(1ms); // heavy for the last to come, too
                        return together;
                    },
                    now.options());
                CHECK(std::ranges::all_of(met, [](bool together) { return together; }));
                CHECK(log.threads().size() == threads);
                CHECK(log.threads().contains(std::this_thread::get_id()));
            }
        }
    }
}

TEST_CASE("items that have become heavy bring in workers, whatever the site remembers",
          "[algorithm][map][threads]") {
    const watchdog guard("threads: stale memory");
    const auto in = indices_of(8);
    for (const auto schedule : parallel_schedules) {
        const setting now{schedule, 3, 0};
        INFO(now.name());
        std::atomic<bool> heavy = false;
        call_log log(8);
        const auto f = [&](std::size_t i) {
            if (!heavy) {
                return i;
            }
            const auto visit = log.enter(i);
            std::this_thread::sleep_for(5ms);
            return i;
        };
        for (int round = 0; round < 50; ++round) {
            (void)parmap::parallel_map(in, f, now.options());
        }
        heavy = true;
        CHECK(parmap::parallel_map(in, f, now.options()) == in);
        CHECK(log.threads().size() > 1);
    }
}

TEST_CASE("a call never waits for a free slot of its pool", "[algorithm][map][threads]") {
    const watchdog guard("threads: full pool");
    const auto in = indices_of(100);
    for (const std::size_t threads : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
        for (const auto schedule : schedules) {
            const setting now{schedule, threads, 1};
            INFO(now.name());
            std::atomic<std::size_t> holding = 0;
            std::atomic<bool> release = false;
            // another caller fills the whole pool, and lets go only once this call has ended
            std::thread other([&] {
                parmap::parallel_for_each(
                    indices_of(threads),
                    [&](std::size_t) {
                        ++holding;
                        release.wait(false);
                    },
                    {.pool = &pool_of(threads), .schedule = parmap::schedule::balanced});
            });
            const bool full = reaches(holding, threads);
            const auto out =
                parmap::parallel_map(in, [](std::size_t i) { return i; }, now.options());
            release = true;
            release.notify_all();
            other.join();
            CHECK(full);
            CHECK(out == in);
        }
    }
}

TEST_CASE("many threads may call on one pool at once", "[algorithm][map][threads]") {
    const watchdog guard("threads: many callers");
    const auto in = indices_of(500);
    for_each_setting([&](const setting& now) {
        std::atomic<int> good = 0;
        std::vector<std::thread> callers;
        for (std::size_t k = 0; k < 4; ++k) {
            callers.emplace_back([&, k] {
                for (int round = 0; round < 5; ++round) {
                    const auto out = parmap::parallel_map(
                        in, [k](std::size_t i) { return i * k; }, now.options());
                    good += out[499] == 499 * k && out[1] == k ? 1 : 0;
                }
            });
        }
        for (std::thread& caller : callers) {
            caller.join();
        }
        CHECK(good == 20);
    });
}

TEST_CASE("a caller may end right after its call", "[algorithm][map][threads]") {
    const watchdog guard("threads: short-lived callers");
    // a late worker that still looked at this call, its pool or its caller would be caught here
    for (int round = 0; round < 200; ++round) {
        std::thread([round] {
            parmap::pool own(1 + static_cast<std::size_t>(round) % 4);
            const auto in = indices_of(static_cast<std::size_t>(round));
            const auto out =
                parmap::parallel_map(in, [](std::size_t i) { return i; },
                                     {.pool = &own,
                                      .schedule = schedules[static_cast<std::size_t>(round) % 4],
                                      .grain = 1});
            if (out != in) {
                std::abort();
            }
        }).join();
    }
    SUCCEED("no stray worker");
}
