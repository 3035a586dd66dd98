// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/every_verb.hpp"
#include "support/gate.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <numeric>
#include <parmap/parmap.hpp>
#include <thread>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

std::size_t power(std::size_t base, std::size_t exponent) {
    return exponent == 0 ? 1 : base * power(base, exponent - 1);
}

// Counts the leaves of a tree of maps `depth` high; level d runs as pick(d) says.
template <class Pick>
std::size_t leaves(std::size_t depth, std::size_t width, const Pick& pick) {
    if (depth == 0)
        return 1;
    const auto counts = parmap::parallel_map(
        parmap::indices(width), [&](std::size_t) { return leaves(depth - 1, width, pick); },
        pick(depth));
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

// Which call this thread is inside of, innermost last; the rule says what it may then begin.
thread_local std::vector<const void*> waits_for;

class inside_call {
public:
    explicit inside_call(const void* call) { waits_for.push_back(call); }
    inside_call(const inside_call&) = delete;
    inside_call& operator=(const inside_call&) = delete;
    ~inside_call() { waits_for.pop_back(); }
};

// True if this thread, which waits for its innermost call, may begin an item of `call`.
bool may_begin(const void* call) {
    return waits_for.empty() || waits_for.back() == call;
}

// Outer items that each hold the one lock around an inner map; counts what breaks the rule.
std::size_t strangers_under_lock(const parmap::options& outer, const parmap::options& inner) {
    std::mutex mutex;
    std::atomic<std::size_t> strangers = 0;
    const auto item = [&](std::size_t) {
        if (!may_begin(&mutex)) {
            ++strangers; // and no lock: it would be this thread's own
            return;
        }
        const std::lock_guard lock(mutex);
        const int call = 0;
        const inside_call here(&call);
        parmap::parallel_for_each(
            parmap::indices(12),
            [&](std::size_t i) {
                if (!may_begin(&call))
                    ++strangers;
                if (i % 3 == 0)
                    sleep_us(50);
            },
            inner);
    };
    parmap::parallel_for_each(parmap::indices(24), item, outer);
    return strangers;
}

} // namespace

TEST_CASE("maps nest to any depth on a pool of any size", "[stress][nesting]") {
    const watchdog guard("nest on one pool");
    for_each_setting([](const setting& now) {
        const auto same = [&](std::size_t) { return now.options(); };
        CHECK(leaves(6, 2, same) == power(2, 6));
        CHECK(leaves(3, 6, same) == power(6, 3));
        CHECK(leaves(2, 40, same) == power(40, 2));
    });
}

TEST_CASE("every verb nests in every verb", "[stress][nesting]") {
    const watchdog guard("verb in verb");
    for_each_setting([](const setting& now) {
        for (const auto& outer : every_verb()) {
            for (const auto& inner : every_verb()) {
                INFO(inner.name << " in " << outer.name);
                std::atomic<std::size_t> sum = 0;
                const auto add = [&](std::size_t i) { sum += i; };
                const auto row = [&](std::size_t) { inner.run(9, add, now.options()); };
                outer.run(5, row, now.options());
                REQUIRE(sum == 5 * 36);
            }
        }
    });
}

TEST_CASE("schedules and pools mix on the way down", "[stress][nesting]") {
    const watchdog guard("mixed nest");
    for (std::size_t turn = 0; turn < 12; ++turn) {
        const auto mixed = [turn](std::size_t depth) {
            return setting{schedules[(turn + depth) % 4], pool_sizes[(turn / 4 + depth) % 4],
                           turn % 3}
                .options();
        };
        CHECK(leaves(5, 3, mixed) == power(3, 5));
    }
}

TEST_CASE("callers that cross two pools of one come through", "[stress][nesting]") {
    const watchdog guard("crossing callers");
    for (const auto schedule : parallel_schedules) {
        for (const std::size_t threads : {1u, 2u}) {
            INFO(name_of(schedule) << ", pools of " << threads);
            parmap::pool one(threads);
            parmap::pool other(threads);
            std::atomic<std::size_t> wrong = 0;
            on_threads(6, [&](std::size_t who) {
                const auto crossing = [&](std::size_t depth) {
                    return parmap::options{.pool = (depth + who) % 2 == 0 ? &one : &other,
                                           .schedule = schedule,
                                           .grain = who % 2};
                };
                for (int round = 0; round < 10; ++round) {
                    wrong += leaves(4, 3, crossing) != power(3, 4) ? 1 : 0;
                }
            });
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("two callers hold each other's pool and still map on it", "[stress][nesting]") {
    const watchdog guard("each holds the other's pool");
    for (const auto schedule : parallel_schedules) {
        for (int round = 0; round < 20; ++round) {
            parmap::pool pools[] = {parmap::pool(1), parmap::pool(1)};
            rendezvous both(2);
            std::atomic<std::size_t> calls = 0;
            on_threads(2, [&](std::size_t who) {
                const auto item = [&](std::size_t) {
                    both.arrive(); // each pool is now taken by its outer call
                    parmap::parallel_for_each(parmap::indices(4), [&](std::size_t) { ++calls; },
                                              {.pool = &pools[1 - who], .schedule = schedule});
                };
                parmap::parallel_for_each(parmap::indices(1), item,
                                          {.pool = &pools[who], .schedule = schedule});
            });
            REQUIRE(both.met());
            REQUIRE(calls == 8);
        }
    }
}

TEST_CASE("a lock held around an inner map is never re-entered", "[stress][nesting]") {
    const watchdog guard("lock around an inner map");
    for_each_setting([](const setting& now) {
        CHECK(strangers_under_lock(now.options(), now.options()) == 0);
        const setting other{now.schedule, now.threads == 8 ? std::size_t{2} : 8, now.grain};
        CHECK(strangers_under_lock(now.options(), other.options()) == 0);
    });
}

TEST_CASE("several callers, each with its lock, on one pool", "[stress][nesting]") {
    const watchdog guard("several locks");
    for (const auto schedule : parallel_schedules) {
        for (const auto threads : pool_sizes) {
            INFO(name_of(schedule) << ", pool(" << threads << ")");
            const parmap::options how{.pool = &pool_of(threads), .schedule = schedule, .grain = 1};
            std::atomic<std::size_t> strangers = 0;
            on_threads(4, [&](std::size_t) { strangers += strangers_under_lock(how, how); });
            CHECK(strangers == 0);
        }
    }
}

TEST_CASE("who waits for an inner map begins nothing else", "[stress][nesting]") {
    const watchdog guard("begins nothing else");
    for_each_setting([](const setting& now) {
        std::atomic<std::size_t> strangers = 0;
        const int outer = 0;
        const auto row = [&](std::size_t r) {
            if (!may_begin(&outer))
                ++strangers;
            const int inner = 0;
            const inside_call here(&inner);
            parmap::parallel_for_each(
                parmap::indices(8),
                [&](std::size_t i) {
                    if (!may_begin(&inner))
                        ++strangers;
                    sleep_us(i == 7 ? 300 : 20); // a last item for the others to wait for
                },
                now.options());
            if (r % 5 == 0)
                sleep_us(100);
        };
        parmap::parallel_for_each(parmap::indices(24), row, now.options());
        CHECK(strangers == 0);
    });
}

TEST_CASE("invoke nests in invoke and in maps", "[stress][nesting]") {
    const watchdog guard("nested invoke");
    const std::function<std::size_t(std::size_t)> fib = [&](std::size_t n) -> std::size_t {
        if (n < 2)
            return n;
        const auto [a, b] =
            parmap::parallel_invoke([&] { return fib(n - 1); }, [&] { return fib(n - 2); });
        return a + b;
    };
    CHECK(fib(12) == 144);
    const auto rows =
        parmap::parallel_map(parmap::indices(20), [&](std::size_t i) { return fib(i % 8); });
    for (std::size_t i = 0; i < 20; ++i)
        CHECK(rows[i] == fib(i % 8));
}
