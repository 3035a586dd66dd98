// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/every_verb.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <cstddef>
#include <numeric>
#include <parmap/parmap.hpp>
#include <random>
#include <stop_token>
#include <vector>

using namespace parmap_test;

namespace {

// Everything that a caller may do to the engine, drawn at random; true if it went as it should.
class visitor {
public:
    explicit visitor(unsigned seed) : random_(seed) {}

    bool visit() {
        const setting now{schedules[random_() % 4], pool_sizes[random_() % 4], random_() % 5};
        const auto& verb = every_verb()[random_() % every_verb().size()];
        const std::size_t n = random_() % 70;
        switch (random_() % 4) {
        case 0:
            return succeeds(verb, n, now);
        case 1:
            return fails(verb, n + 1, now);
        case 2:
            return stops(verb, n + 1, now);
        default:
            return nests(verb, n / 5, now);
        }
    }

private:
    bool succeeds(const verb& verb, std::size_t n, const setting& now) {
        call_log log(n);
        const std::size_t nap = random_() % 3000;
        verb.run(
            n,
            [&](std::size_t i) {
                const auto inside = log.enter(i);
                if (i % 9 == 0)
                    spin(nap);
            },
            now.options());
        log.close();
        return log.each_ran_once() && log.most_at_once() <= now.threads && log.quiet();
    }

    bool fails(const verb& verb, std::size_t n, const setting& now) {
        call_log log(n);
        const std::size_t lowest = random_() % n;
        const std::size_t step = 1 + random_() % 4;
        const auto failed = failing_index([&] {
            verb.run(
                n,
                [&](std::size_t i) {
                    const auto inside = log.enter(i);
                    if (i % 7 == 2)
                        spin(2000);
                    if (i >= lowest && (i - lowest) % step == 0)
                        throw item_error(i);
                },
                now.options());
        });
        log.close();
        return failed == lowest && log.ran_all_below(lowest) && log.quiet();
    }

    bool stops(const verb& verb, std::size_t n, const setting& now) {
        call_log log(n);
        std::stop_source source;
        auto how = now.options();
        how.stop = source.get_token();
        const std::size_t at = random_() % n;
        bool cancelled = false;
        try {
            verb.run(
                n,
                [&](std::size_t i) {
                    const auto inside = log.enter(i);
                    if (i == at)
                        source.request_stop();
                    spin(500);
                },
                how);
        } catch (const parmap::operation_cancelled&) {
            cancelled = true;
        }
        log.close();
        return log.none_ran_twice() && log.quiet() && (cancelled || log.each_ran_once());
    }

    bool nests(const verb& verb, std::size_t n, const setting& now) {
        const setting inner{schedules[random_() % 4], pool_sizes[random_() % 4], 0};
        std::atomic<std::size_t> sum = 0;
        const auto add = [&](std::size_t i) { sum += i; };
        verb.run(
            n,
            [&](std::size_t) {
                parmap::parallel_for_each(parmap::indices(20), add, inner.options());
            },
            now.options());
        return sum == 190 * n;
    }

    std::mt19937 random_;
};

void check_visits(std::size_t callers) {
    std::atomic<std::size_t> wrong = 0, visits = 0;
    counts.reset();
    on_threads(callers, [&](std::size_t who) {
        visitor someone(static_cast<unsigned>(who) + 7);
        visits += repeat_for_a_while(4000, [&](std::size_t) { wrong += someone.visit() ? 0 : 1; });
    });
    CHECK(wrong == 0);
    CHECK(visits >= 10 * callers);
    CHECK(counts.balanced());
}

} // namespace

TEST_CASE("one caller among busy threads", "[stress][loaded]") {
    const watchdog guard("one caller, busy");
    const background_load load;
    check_visits(1);
}

TEST_CASE("many callers share pools", "[stress][loaded]") {
    const watchdog guard("many callers");
    check_visits(8);
}

TEST_CASE("many callers share pools among busy threads", "[stress][loaded]") {
    const watchdog guard("many callers, busy");
    const background_load load;
    check_visits(6);
}

// What the consumer has in hand, workers may try to take at any moment, and fail.
TEST_CASE("streams of quick items on a busy machine", "[stress][loaded][stream]") {
    const watchdog guard("streams, busy");
    const background_load load;
    for (const std::size_t threads : {1u, 2u}) {
        parmap::pool& pool = pool_of(threads);
        std::size_t wrong = 0;
        const std::size_t rounds = repeat_for_a_while(1'000'000, [&](std::size_t round) {
            const std::size_t work = 10 + round % 50;
            std::atomic<std::size_t> running = 0;
            const auto item = [&](std::size_t i) {
                const bool too_many = ++running > threads;
                spin(work);
                --running;
                return too_many ? std::size_t{1'000} : i;
            };
            const parmap::options how{.pool = &pool};
            std::size_t next = 0;
            for (const std::size_t y : parmap::imap(parmap::indices(200), item, how))
                wrong += y == next++ ? 0 : 1;
            std::size_t sum = 0; // of whatever order
            for (const std::size_t y : parmap::imap_unordered(parmap::indices(200), item, how))
                sum += y;
            wrong += next == 200 && sum == 199 * 100 ? 0 : 1;
        });
        CHECK(rounds > 10);
        CHECK(wrong == 0);
    }
}

TEST_CASE("heavy items still all start at once on a busy machine", "[stress][loaded]") {
    const watchdog guard("all start, busy");
    const background_load load;
    for (const auto schedule : parallel_schedules) {
        for (const std::size_t threads : {2u, 8u}) {
            INFO(name_of(schedule) << ", pool(" << threads << ")");
            parmap::pool pool(threads);
            rendezvous all(threads);
            parmap::parallel_for_each(parmap::indices(threads),
                                      [&](std::size_t) {
                                          all.arrive();
                                          sleep_ms(1); // heavy in the call site's memory, too
                                      },
                                      {.pool = &pool, .schedule = schedule});
            CHECK(all.met());
        }
    }
}

TEST_CASE("callers that fail do not disturb those that succeed", "[stress][loaded]") {
    const watchdog guard("fail beside success");
    for (const auto threads : pool_sizes) {
        std::atomic<std::size_t> wrong = 0;
        on_threads(6, [&](std::size_t who) {
            for (std::size_t round = 0; round < 60; ++round) {
                const setting now{schedules[round % 4], threads, round % 3};
                std::atomic<std::size_t> sum = 0;
                const auto failed = failing_index([&] {
                    parmap::parallel_for_each(
                        parmap::indices(100),
                        [&](std::size_t i) {
                            if (who % 2 == 0 && i >= 40)
                                throw item_error(i);
                            sum += i;
                        },
                        now.options());
                });
                const bool right =
                    who % 2 == 0 ? failed == std::size_t{40} && sum == 780 : !failed && sum == 4950;
                wrong += right ? 0 : 1;
            }
        });
        CHECK(wrong == 0);
    }
}
