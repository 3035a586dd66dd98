// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/gate.hpp"
#include "support/load.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/pool.hpp>
#include <parmap/stream/imap.hpp>
#include <ranges>
#include <set>
#include <thread>
#include <vector>

using namespace parmap_test;

namespace {

const auto square = [](std::size_t i) { return i * i; };

} // namespace

TEST_CASE("streams inside maps, and maps inside streams", "[stream][imap]") {
    const watchdog dog("nested streams");
    for (const std::size_t threads : pool_sizes) {
        parmap::pool& pool = pool_of(threads);
        const auto sum = [&pool](std::size_t n) {
            std::size_t total = 0;
            for (const std::size_t y :
                 parmap::imap(parmap::indices(n), square, {.pool = &pool, .window = 4}))
                total += y;
            return total;
        };
        const auto totals = parmap::parallel_map(
            parmap::indices(30), sum, {.pool = &pool, .schedule = parmap::schedule::balanced});
        CHECK(totals[29] == 28 * 29 * 57 / 6);
        std::size_t seen = 0;
        for (const std::size_t total : parmap::imap(parmap::indices(30), sum, {.pool = &pool}))
            CHECK(total == totals[seen++]);
    }
}

TEST_CASE("a slow source is no reason to keep results back", "[stream][imap]") {
    const watchdog dog("blocked source");
    gate more;
    std::thread opens;
    {
        auto stream = parmap::imap(one_pass(2,
                                            [&more](std::size_t i) {
                                                if (i == 1)
                                                    more.pass(); // blocks until the first is seen
                                                return i;
                                            }),
                                   square, {.pool = &pool_of(2)});
        auto at = stream.begin();
        CHECK(*at == 0);
        more.open();
        ++at;
        CHECK(*at == 1);
    }
}

TEST_CASE("a pool of eight runs eight elements at once, whatever came before", "[stream][imap]") {
    const watchdog dog("eight at once");
    for (const std::size_t cheap : std::initializer_list<std::size_t>{0, 1, 3000}) {
        rendezvous ordered(8);
        for ([[maybe_unused]] const std::size_t y :
             parmap::imap(parmap::indices(cheap + 8),
                          [&](std::size_t i) {
                              if (i >= cheap)
                                  ordered.arrive();
                              return i;
                          },
                          {.pool = &pool_of(8), .window = cheap > 1 ? 0U : 16U})) {
        }
        REQUIRE(ordered.met());
        rendezvous unordered(8);
        for ([[maybe_unused]] const std::size_t y :
             parmap::imap_unordered(parmap::indices(cheap + 8),
                                    [&](std::size_t i) {
                                        if (i >= cheap)
                                            unordered.arrive();
                                        return i;
                                    },
                                    {.pool = &pool_of(8)})) {
        }
        REQUIRE(unordered.met());
    }
}

TEST_CASE("workers that find the consumer at a slow pull come back", "[stream][imap]") {
    const watchdog dog("slow first pull");
    for (int round = 0; round != 10; ++round) {
        rendezvous all(8);
        std::size_t next = 0;
        for (const std::size_t y :
             parmap::imap(one_pass(8,
                                   [](std::size_t i) {
                                       if (i == 0)
                                           sleep_ms(2); // longer than workers look around
                                       return i;
                                   }),
                          [&](std::size_t i) {
                              all.arrive();
                              return i;
                          },
                          {.pool = &pool_of(8), .window = 16}))
            CHECK(y == next++);
        REQUIRE(all.met());
    }
}

TEST_CASE("no more threads work on a stream than its pool has", "[stream][imap]") {
    const watchdog dog("threads of a stream");
    for (const std::size_t threads : pool_sizes) {
        std::atomic<std::size_t> now = 0;
        std::atomic<std::size_t> most = 0;
        const auto f = [&](std::size_t i) {
            const std::size_t count = ++now;
            std::size_t known = most;
            while (count > known && !most.compare_exchange_weak(known, count)) {
            }
            if (i % 100 == 0)
                sleep_ms(1);
            --now;
            return i;
        };
        std::size_t seen = 0;
        for (const std::size_t y :
             parmap::imap(parmap::indices(2000), f, {.pool = &pool_of(threads)})) {
            REQUIRE(y == seen++);
            if (y % 500 == 0)
                sleep_ms(1);
        }
        REQUIRE(most <= threads);
    }
}

TEST_CASE("a result does not wait for those taken on with it", "[stream][imap]") {
    const watchdog dog("one result at a time");
    for (const std::size_t threads : pool_sizes) {
        for (const std::size_t grain : std::initializer_list<std::size_t>{0, 50}) {
            std::atomic<std::size_t> results = 0; // element i + 1 ends once result i has been seen
            const auto f = [&](std::size_t i) {
                if (i >= 1000) {
                    while (results < i)
                        std::this_thread::yield();
                }
                return i;
            };
            for (const std::size_t y :
                 parmap::imap(parmap::indices(1040), f,
                              {.pool = &pool_of(threads), .grain = grain, .window = 200})) {
                REQUIRE(y == results);
                ++results;
            }
            REQUIRE(results == 1040);
        }
    }
}

TEST_CASE("a stream goes on on another thread", "[stream][imap]") {
    const watchdog dog("stream changes hands");
    auto stream = parmap::imap(std::views::iota(std::size_t{0}), square, {.pool = &pool_of(2)});
    auto at = stream.begin();
    for (std::size_t i = 0; i != 20; ++i) {
        on_threads(1, [&](std::size_t) {
            for (std::size_t k = 0; k != 30; ++k, ++at)
                REQUIRE(*at == square(i * 30 + k));
        });
    }
}
