// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/every_verb.hpp"
#include "support/gate.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <cstdio>
#include <ctime>
#include <future>
#include <limits>
#include <numeric>
#include <parmap/parmap.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <tbb/global_control.h>
#include <thread>
#include <type_traits>
#include <vector>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

using namespace parmap_test;

static_assert(!std::is_copy_constructible_v<parmap::pool>);
static_assert(!std::is_copy_assignable_v<parmap::pool>);

namespace {

std::size_t sum_of_squares(parmap::pool& pool, std::size_t n,
                           parmap::schedule schedule = parmap::schedule::balanced) {
    const auto squares =
        parmap::parallel_map(parmap::indices(n), [](std::size_t i) { return i * i; },
                             {.pool = &pool, .schedule = schedule});
    return std::accumulate(squares.begin(), squares.end(), std::size_t{0});
}

std::size_t expected_sum(std::size_t n) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += i * i;
    return sum;
}

// The message with which a pool of so many threads is refused.
std::string refusal_of(std::size_t threads) {
    try {
        const parmap::pool pool(threads);
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "";
}

bool all_meet(parmap::pool& pool, parmap::schedule schedule,
              const verb& verb = every_verb().front()) {
    rendezvous meeting(pool.size());
    call_log log(pool.size());
    const auto item = [&](std::size_t i) {
        const auto inside = log.enter(i);
        meeting.arrive();
        sleep_ms(1); // heavy in the call site's memory, too
    };
    verb.run(pool.size(), item, {.pool = &pool, .schedule = schedule});
    log.close();
    return meeting.met() && log.each_ran_once() && log.quiet() &&
           log.threads().contains(std::this_thread::get_id());
}

std::size_t most_at_once(parmap::pool& pool, parmap::schedule schedule) {
    call_log log(40);
    parmap::parallel_for_each(parmap::indices(40),
                              [&](std::size_t i) {
                                  const auto inside = log.enter(i);
                                  sleep_ms(1);
                              },
                              {.pool = &pool, .schedule = schedule});
    return log.each_ran_once() ? log.most_at_once() : 1000;
}

// What goes to standard error while body runs, whoever in this process prints it.
template <class Body>
std::string printed_by(Body body) {
#if __has_include(<unistd.h>)
    std::FILE* const file = std::tmpfile();
    const int kept = dup(2);
    dup2(fileno(file), 2);
    body();
    std::fflush(stderr);
    dup2(kept, 2);
    close(kept);
    std::rewind(file);
    std::string printed(4096, '\0');
    printed.resize(std::fread(printed.data(), 1, printed.size(), file));
    std::fclose(file);
    return printed;
#else
    body();
    return "";
#endif
}

// The process's own processor time, all threads of it together.
double cpu_ms() {
    return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

} // namespace

TEST_CASE("a pool tells the size that was asked for", "[runtime][pool]") {
    for (const std::size_t threads : {1u, 2u, 3u, 8u, 32u, 300u, 4096u}) {
        CHECK(parmap::pool(threads).size() == threads);
    }
    CHECK(parmap::pool().size() == parmap::available_concurrency());
    CHECK(parmap::pool(0).size() == parmap::available_concurrency());
    CHECK(parmap::available_concurrency() >= 1);
}

TEST_CASE("a pool of too many threads names the number", "[runtime][pool]") {
    for (const auto threads : {std::size_t{4097}, std::numeric_limits<std::size_t>::max()}) {
        const std::string refusal = refusal_of(threads);
        CHECK(refusal.find(std::to_string(threads)) != refusal.npos);
        CHECK(refusal.find('\n') == refusal.npos);
    }
}

TEST_CASE("there is one default pool and options without a pool use it", "[runtime][pool]") {
    parmap::pool& pool = parmap::default_pool();
    CHECK(&pool == &parmap::default_pool());
    CHECK(pool.size() == parmap::available_concurrency());
    call_log log(4 * pool.size());
    parmap::parallel_for_each(parmap::indices(4 * pool.size()),
                              [&](std::size_t i) {
                                  const auto inside = log.enter(i);
                                  sleep_ms(5);
                              },
                              {.schedule = parmap::schedule::balanced});
    CHECK(log.each_ran_once());
    CHECK(log.most_at_once() <= pool.size());
}

TEST_CASE("as many heavy items as threads all start at once, first call too", "[runtime][pool]") {
    const watchdog guard("all start at once");
    for (const auto& verb : every_verb()) {
        if (verb.whole_blocks)
            continue;
        for (const std::size_t threads : {2u, 8u, 32u}) {
            for (const auto schedule : parallel_schedules) {
                INFO(verb.name << ", " << name_of(schedule) << ", pool(" << threads << ")");
                parmap::pool pool(threads);
                REQUIRE(all_meet(pool, schedule, verb));
                CHECK(all_meet(pool, schedule, verb));
            }
        }
    }
}

TEST_CASE("pools that live side by side all get their threads", "[runtime][pool]") {
    const watchdog guard("side by side");
    parmap::pool small(2);
    parmap::pool large(24);
    CHECK(all_meet(small, parmap::schedule::balanced));
    {
        const parmap::pool shadow(3); // its end must not take the threads of the others
    }
    CHECK(all_meet(large, parmap::schedule::balanced));
    std::atomic<bool> both = true;
    on_threads(2, [&](std::size_t who) {
        if (!all_meet(who == 0 ? small : large, parmap::schedule::adaptive))
            both = false;
    });
    CHECK(both);
}

TEST_CASE("no more threads than the pool has work on one call", "[runtime][pool]") {
    for_each_setting({0, 1, 3}, [](const setting& now) {
        call_log log(24);
        parmap::parallel_for_each(
            parmap::indices(24),
            [&](std::size_t i) {
                const auto inside = log.enter(i);
                sleep_us(500);
            },
            now.options());
        log.close();
        CHECK(log.each_ran_once());
        CHECK(log.most_at_once() <= now.threads);
        CHECK(log.quiet());
        if (now.threads == 1 || now.schedule == parmap::schedule::serial) {
            CHECK(log.threads() == std::set{std::this_thread::get_id()});
        }
    });
}

TEST_CASE("the caller works on its own call and never waits for a slot", "[runtime][pool]") {
    const watchdog guard("never waits for a slot");
    for (const auto schedule : parallel_schedules) {
        for (const std::size_t threads : {1u, 2u}) {
            INFO(name_of(schedule) << ", pool(" << threads << ")");
            parmap::pool pool(threads);
            gate shut;
            std::jthread first([&] {
                parmap::parallel_for_each(
                    parmap::indices(threads), [&](std::size_t) { shut.pass(); },
                    {.pool = &pool, .schedule = parmap::schedule::balanced, .grain = 1});
            });
            CHECK(shut.wait_for_arrivals(threads));
            CHECK(sum_of_squares(pool, 1000, schedule) == expected_sum(1000));
            CHECK(all_meet(pool_of(1), schedule));
            shut.open();
        }
    }
}

TEST_CASE("many threads may call on one pool at once", "[runtime][pool]") {
    const watchdog guard("many callers");
    for (const auto threads : pool_sizes) {
        parmap::pool pool(threads);
        std::atomic<int> wrong = 0;
        on_threads(8, [&](std::size_t who) {
            for (std::size_t round = 0; round < 25; ++round) {
                const std::size_t n = 1 + (who * 131 + round * 17) % 600;
                const auto schedule = schedules[round % schedules.size()];
                wrong += sum_of_squares(pool, n, schedule) != expected_sum(n) ? 1 : 0;
            }
        });
        CHECK(wrong == 0);
    }
}

TEST_CASE("a pool that was shut down refuses work", "[runtime][pool]") {
    for (const auto schedule : schedules) {
        INFO(name_of(schedule));
        parmap::pool pool(3);
        CHECK(sum_of_squares(pool, 100, schedule) == expected_sum(100));
        pool.shutdown();
        pool.shutdown();
        std::atomic<int> calls = 0;
        const auto late = [&] {
            parmap::parallel_for_each(parmap::indices(5), [&](std::size_t) { ++calls; },
                                      {.pool = &pool, .schedule = schedule});
        };
        CHECK_THROWS_AS(late(), std::logic_error);
        CHECK(calls == 0);
        CHECK(pool.size() == 3);
    }
}

TEST_CASE("shutdown waits for calls under way", "[runtime][pool]") {
    const watchdog guard("shutdown waits");
    for (const auto schedule : parallel_schedules) {
        parmap::pool pool(2);
        gate shut;
        std::atomic<int> finished = 0;
        const auto item = [&](std::size_t i) {
            shut.pass();
            sleep_ms(10);
            ++finished;
            return i * i;
        };
        auto result = std::async(std::launch::async, [&] {
            return parmap::parallel_map(parmap::indices(2), item,
                                        {.pool = &pool, .schedule = schedule});
        });
        CHECK(shut.wait_for_arrivals(2));
        std::jthread opener([&] {
            sleep_ms(20);
            shut.open();
        });
        pool.shutdown();
        CHECK(finished == 2);
        CHECK(result.get() == std::vector<std::size_t>{0, 1});
    }
}

TEST_CASE("idle pools burn no processor time", "[runtime][pool]") {
    for (int burst = 0; burst < 100; ++burst) {
        sum_of_squares(pool_of(8), 1000);
        sum_of_squares(pool_of(2), 1000, parmap::schedule::adaptive);
    }
    all_meet(pool_of(8), parmap::schedule::balanced);
    sleep_ms(20);
    const double before = cpu_ms();
    sleep_ms(300);
    CHECK(cpu_ms() - before < 20);
}

TEST_CASE("a lower global_control wins without hanging or printing", "[runtime][pool]") {
    const watchdog guard("global_control");
    using tbb::global_control;
    const std::string printed = printed_by([] {
        for (const std::size_t limit : {1u, 2u}) {
            const global_control control(global_control::max_allowed_parallelism, limit);
            parmap::pool pool(8);
            for (const auto schedule : parallel_schedules) {
                INFO(name_of(schedule) << ", limit " << limit);
                CHECK(most_at_once(pool, schedule) <= limit);
                CHECK(most_at_once(pool_of(3), schedule) <= limit);
            }
        }
    });
    CHECK(printed == "");
    CHECK(all_meet(pool_of(3), parmap::schedule::balanced));
    CHECK(all_meet(pool_of(8), parmap::schedule::balanced));
}
