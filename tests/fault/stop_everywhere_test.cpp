// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/every_verb.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <limits>
#include <parmap/parmap.hpp>
#include <stop_token>
#include <thread>
#include <vector>

using namespace parmap_test;

namespace {

enum class end { returned, cancelled, threw };

struct ending {
    end how = end::returned;
    std::size_t done = 0, total = 0; // of the cancellation
    std::size_t index = 0;           // of the item that threw
};

template <class Call>
ending ending_of(Call call) {
    try {
        call();
    } catch (const parmap::operation_cancelled& stopped) {
        return {end::cancelled, stopped.done(), stopped.total(), 0};
    } catch (const item_error& error) {
        return {end::threw, 0, 0, error.index};
    }
    return {};
}

parmap::options stopped_by(const std::stop_source& source, const setting& now) {
    auto how = now.options();
    how.stop = source.get_token();
    return how;
}

// What must hold however a call over n items was stopped; `lowest` is the first that throws, or n.
// An unsized source may be left before it is known that nothing more would have come.
void check_ending(const ending& seen, call_log& log, const verb& verb, std::size_t n,
                  std::size_t lowest) {
    log.close();
    REQUIRE(log.none_ran_twice());
    REQUIRE(log.quiet());
    REQUIRE(counts.balanced());
    if (seen.how == end::threw) {
        REQUIRE(seen.index == lowest);
        REQUIRE(log.ran_all_below(lowest));
    } else if (seen.how == end::cancelled) {
        REQUIRE(log.calls() < n + (verb.sized ? 0 : 1));
        REQUIRE(!(lowest < n && log.ran_all_below(lowest + 1)));
    } else {
        REQUIRE(lowest == n);
        REQUIRE(log.each_ran_once());
    }
}

} // namespace

TEST_CASE("a stop before the call: nothing runs", "[fault][stop]") {
    counts.reset();
    std::stop_source source;
    source.request_stop();
    for (const auto& verb : every_verb()) {
        INFO(verb.name);
        for_each_setting({0, 1, 1000}, [&](const setting& now) {
            for (const std::size_t n : {1u, 2u, 33u, 3000u}) {
                const auto entering = [](call_log& log) {
                    return [&log](std::size_t i) { const auto inside = log.enter(i); };
                };
                // Of items that have never been run, and of those known to be cheap.
                for (const bool known : {false, true}) {
                    CAPTURE(n, known);
                    call_log earlier(n);
                    if (known)
                        verb.run(n, entering(earlier), now.options());
                    call_log log(n);
                    const auto seen =
                        ending_of([&] { verb.run(n, entering(log), stopped_by(source, now)); });
                    check_ending(seen, log, verb, n, n);
                    REQUIRE(seen.how == end::cancelled);
                    REQUIRE(log.calls() == 0);
                    REQUIRE(seen.done == 0);
                    REQUIRE((seen.total == n || seen.total == 0 || verb.whole_blocks));
                }
            }
            const auto of_nothing =
                ending_of([&] { verb.run(0, [](std::size_t) {}, stopped_by(source, now)); });
            REQUIRE((of_nothing.how == end::returned || !verb.sized));
        });
    }
}

TEST_CASE("a stop in the middle of each item", "[fault][stop]") {
    const watchdog guard("stop in each item");
    counts.reset();
    static constexpr std::size_t n = 6;
    for (const auto& verb : every_verb()) {
        if (verb.whole_blocks)
            continue;
        INFO(verb.name);
        for_each_setting({0, n}, [&](const setting& now) {
            for (std::size_t k = 0; k < n; ++k) {
                std::stop_source source;
                call_log log(n);
                const auto item = [&](std::size_t i) {
                    const auto inside = log.enter(i);
                    if (i == k)
                        source.request_stop();
                    sleep_us(1100);
                };
                const auto seen = ending_of([&] { verb.run(n, item, stopped_by(source, now)); });
                CAPTURE(k);
                check_ending(seen, log, verb, n, n);
                if (seen.how == end::cancelled)
                    REQUIRE(seen.done == log.calls());
                if (now.schedule == parmap::schedule::serial) {
                    REQUIRE(log.calls() <= k + 2);
                    REQUIRE(log.ran_all_below(k + 1));
                }
            }
        });
    }
}

TEST_CASE("items of nanoseconds may all run or stop, but never in between", "[fault][stop]") {
    counts.reset();
    for (const auto& verb : every_verb()) {
        if (verb.whole_blocks)
            continue;
        INFO(verb.name);
        for_each_setting([&](const setting& now) {
            for (std::size_t k = 0; k < 33; k += 4) {
                std::stop_source source;
                call_log log(33);
                const auto item = [&](std::size_t i) {
                    const auto inside = log.enter(i);
                    if (i == k)
                        source.request_stop();
                };
                const auto seen = ending_of([&] { verb.run(33, item, stopped_by(source, now)); });
                check_ending(seen, log, verb, 33, 33);
                if (seen.how == end::cancelled)
                    REQUIRE(seen.done == log.calls());
            }
        });
    }
}

TEST_CASE("a stop is seen inside a chunk", "[fault][stop]") {
    const watchdog guard("inside a chunk");
    for_each_setting({0, 120, 1000000}, [](const setting& now) {
        std::stop_source source;
        std::atomic<std::size_t> calls = 0, late = 0;
        const auto seen = ending_of([&] {
            parmap::parallel_for_each(
                parmap::indices(120),
                [&](std::size_t) {
                    if (source.stop_requested())
                        ++late;
                    if (++calls == 5)
                        source.request_stop();
                    sleep_us(1100);
                },
                stopped_by(source, now));
        });
        CHECK(seen.how == end::cancelled);
        CHECK(seen.done == calls);
        CHECK(seen.total == 120);
        CHECK(late <= 3 * now.threads);
    });
}

TEST_CASE("a stop is seen where cheap items turn dear", "[fault][stop]") {
    const watchdog guard("cheap, then dear");
    static constexpr std::size_t cheap = 100000;
    static constexpr std::size_t n = cheap + 60;
    for_each_setting({0, n}, [](const setting& now) {
        std::stop_source source;
        std::atomic<std::size_t> late = 0;
        const auto item = [&](std::size_t i) {
            if (i < cheap)
                return;
            if (source.stop_requested())
                ++late;
            source.request_stop();
            sleep_ms(4);
        };
        const auto seen = ending_of(
            [&] { parmap::parallel_for_each(parmap::indices(n), item, stopped_by(source, now)); });
        CHECK(seen.how == end::cancelled);
        CHECK(late <= 2 * now.threads);
    });
}

TEST_CASE("a known-cheap call that is stopped keeps count of what ran", "[fault][stop]") {
    counts.reset();
    for_each_setting([](const setting& now) {
        for (std::size_t k = 0; k < 300; k += 7) {
            std::stop_source source;
            std::size_t stop_at = 300;
            std::atomic<std::size_t> calls = 0;
            const auto item = [&](std::size_t i) {
                ++calls;
                if (i == stop_at)
                    source.request_stop();
                return counted(static_cast<long>(i));
            };
            const auto run = [&] {
                const auto all =
                    parmap::parallel_map(parmap::indices(300), item, stopped_by(source, now));
                REQUIRE(all.size() == 300);
            };
            for (int warm = 0; warm < 3; ++warm)
                REQUIRE(ending_of(run).how == end::returned);
            REQUIRE(calls == 900);
            calls = 0;
            stop_at = k;
            const auto seen = ending_of(run);
            REQUIRE(seen.done == (seen.how == end::cancelled ? calls.load() : 0));
            REQUIRE((seen.how == end::cancelled ? calls < 300 : calls == 300));
            REQUIRE(counts.balanced());
        }
    });
}

TEST_CASE("a call site that only knew cheap items still sees a stop", "[fault][stop]") {
    const watchdog guard("remembered cost");
    std::atomic<bool> dear = false;
    for_each_setting([&](const setting& now) {
        std::stop_source source;
        std::atomic<std::size_t> late = 0;
        const auto item = [&](std::size_t i) {
            if (!dear)
                return i;
            if (source.stop_requested())
                ++late;
            source.request_stop();
            sleep_ms(3);
            return i;
        };
        const auto run = [&] {
            parmap::parallel_map(parmap::indices(100), item, stopped_by(source, now));
        };
        dear = false;
        for (int warm = 0; warm < 20; ++warm)
            run();
        dear = true;
        CHECK(ending_of(run).how == end::cancelled);
        CHECK(late <= 2 * now.threads);
    });
}

TEST_CASE("another thread stops a loop over tiny items", "[fault][stop]") {
    const watchdog guard("tiny items");
    static constexpr auto n = std::numeric_limits<std::size_t>::max() / 1000; // for ever, that is
    for_each_setting({0, 1, 1 << 20, n}, [](const setting& now) {
        std::stop_source source;
        std::atomic<std::size_t> last = 0;
        std::jthread other([&] {
            sleep_ms(2);
            source.request_stop();
        });
        const auto seen = ending_of([&] {
            parmap::parallel_for_each(
                parmap::indices(n),
                [&](std::size_t i) { last.store(i, std::memory_order_relaxed); },
                stopped_by(source, now));
        });
        CHECK(seen.how == end::cancelled);
        CHECK(seen.total == n);
        CHECK(seen.done < n);
    });
}

TEST_CASE("an endless source ends when asked to", "[fault][stop]") {
    const watchdog guard("endless source");
    for_each_setting({0, 1, 1000}, [](const setting& now) {
        std::stop_source source;
        std::atomic<std::size_t> calls = 0;
        const auto same = [](std::size_t i) { return i; };
        const auto seen = ending_of([&] {
            parmap::parallel_for_each(
                one_pass(std::numeric_limits<std::size_t>::max(), same),
                [&](std::size_t) {
                    if (++calls == 2000)
                        source.request_stop();
                },
                stopped_by(source, now));
        });
        CHECK(seen.how == end::cancelled);
        CHECK(seen.done == calls);
        CHECK(seen.total == 0);
    });
}

TEST_CASE("a stop is seen while a slow source is read", "[fault][stop]") {
    const watchdog guard("slow source");
    for_each_setting({0, 1, 200}, [](const setting& now) {
        std::stop_source source;
        std::atomic<std::size_t> late = 0, calls = 0;
        const auto slow = [&](std::size_t i) {
            if (source.stop_requested())
                ++late;
            sleep_us(1100);
            return i;
        };
        std::jthread other([&] {
            sleep_ms(5);
            source.request_stop();
        });
        const auto seen = ending_of([&] {
            parmap::parallel_for_each(
                one_pass(200, slow), [&](std::size_t) { ++calls; }, stopped_by(source, now));
        });
        CHECK(seen.how == end::cancelled);
        CHECK(seen.done == calls);
        CHECK(late <= 3);
    });
}

TEST_CASE("a stop when all items are under way leaves nothing out", "[fault][stop]") {
    const watchdog guard("all under way");
    for (const auto schedule : parallel_schedules) {
        for (const std::size_t threads : {1u, 2u, 8u}) {
            const setting now{schedule, threads, 0};
            INFO(now.name());
            std::stop_source source;
            rendezvous all(threads);
            const auto results = parmap::parallel_map(
                parmap::indices(threads),
                [&](std::size_t i) {
                    all.arrive();
                    sleep_ms(1); // heavy in the call site's memory, too
                    source.request_stop();
                    return i;
                },
                stopped_by(source, now));
            CHECK(all.met());
            CHECK(results == verbs::first_numbers(threads));
        }
    }
}

TEST_CASE("stops and exceptions together", "[fault][stop]") {
    const watchdog guard("stop and throw");
    counts.reset();
    static constexpr std::size_t n = 12;
    for (const auto& verb : every_verb()) {
        if (verb.whole_blocks)
            continue;
        INFO(verb.name);
        for_each_setting({0, n}, [&](const setting& now) {
            for (const std::size_t stop : {0u, 5u, 11u}) {
                for (const std::size_t fail : {0u, 4u, 5u, 6u, 11u}) {
                    std::stop_source source;
                    call_log log(n);
                    const auto item = [&](std::size_t i) {
                        const auto inside = log.enter(i);
                        if (i == stop)
                            source.request_stop();
                        if (i % 3 == 0)
                            sleep_us(100);
                        if (i == fail)
                            throw item_error(i);
                    };
                    const auto seen =
                        ending_of([&] { verb.run(n, item, stopped_by(source, now)); });
                    CAPTURE(stop, fail);
                    check_ending(seen, log, verb, n, fail);
                    if (now.schedule == parmap::schedule::serial && fail <= stop) {
                        REQUIRE(seen.how == end::threw);
                    }
                }
            }
        });
    }
}

TEST_CASE("a stopped try_map says of each item whether it ran", "[fault][stop]") {
    for_each_setting({0, 1, 1000}, [](const setting& now) {
        std::stop_source source;
        std::atomic<std::size_t> begun = 0;
        call_log log(40);
        const auto outcomes = parmap::parallel_try_map(
            parmap::indices(40),
            [&](std::size_t i) {
                const auto inside = log.enter(i);
                if (++begun == 4) // whichever item that is, or a late thread might have it last
                    source.request_stop();
                sleep_us(1100);
                if (i % 2 == 1)
                    throw item_error(i);
                return i;
            },
            stopped_by(source, now));
        log.close();
        REQUIRE(outcomes.size() == 40);
        CHECK(log.calls() < 40);
        for (std::size_t i = 0; i < 40; ++i) {
            const auto seen = ending_of([&] { static_cast<void>(outcomes[i].value()); });
            const auto ran = i % 2 == 1 ? end::threw : end::returned;
            CHECK(seen.how == (log.ran(i) ? ran : end::cancelled));
        }
    });
}

TEST_CASE("a stop that outer and inner maps share ends both", "[fault][stop]") {
    const watchdog guard("nested stop");
    for_each_setting([](const setting& now) {
        std::stop_source source;
        std::atomic<std::size_t> calls = 0, late = 0;
        const auto how = stopped_by(source, now);
        const auto row = [&](std::size_t) {
            parmap::parallel_for_each(
                parmap::indices(20),
                [&](std::size_t) {
                    if (source.stop_requested())
                        ++late;
                    if (++calls == 50)
                        source.request_stop();
                    sleep_us(200);
                },
                how);
        };
        CHECK(ending_of([&] { parmap::parallel_for_each(parmap::indices(50), row, how); }).how ==
              end::cancelled);
        CHECK(late < 200);
    });
}
