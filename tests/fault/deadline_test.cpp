// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/every_verb.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <parmap/parmap.hpp>
#include <stop_token>
#include <type_traits>

using namespace parmap_test;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

static_assert(std::is_base_of_v<parmap::operation_cancelled, parmap::deadline_exceeded>);

namespace {

parmap::options until(steady_clock::time_point deadline, const setting& now) {
    auto how = now.options();
    how.deadline = deadline;
    return how;
}

struct lateness {
    bool exceeded = false;
    std::size_t done = 0, total = 0;
};

template <class Call>
lateness lateness_of(Call call) {
    try {
        call();
    } catch (const parmap::deadline_exceeded& late) {
        return {true, late.done(), late.total()};
    }
    return {};
}

} // namespace

TEST_CASE("a deadline that has passed: nothing runs", "[fault][deadline]") {
    counts.reset();
    for (const auto passed : {steady_clock::now(), steady_clock::now() - std::chrono::hours(1),
                              steady_clock::time_point::min(), steady_clock::time_point{}}) {
        for (const auto& verb : every_verb()) {
            INFO(verb.name);
            for_each_setting({0, 1, 1000}, [&](const setting& now) {
                for (const std::size_t n : {1u, 2u, 33u, 1000u}) {
                    std::atomic<int> calls = 0;
                    const auto item = [&](std::size_t) { ++calls; };
                    const auto seen = lateness_of([&] { verb.run(n, item, until(passed, now)); });
                    REQUIRE(seen.exceeded);
                    REQUIRE(calls == 0);
                    REQUIRE(seen.done == 0);
                    REQUIRE((seen.total == n || seen.total == 0 || verb.whole_blocks));
                }
            });
        }
    }
    CHECK(counts.balanced());
}

TEST_CASE("a deadline that is far away changes nothing", "[fault][deadline]") {
    for (const auto far : {steady_clock::now() + std::chrono::hours(1), parmap::no_deadline,
                           steady_clock::time_point::max() - milliseconds(1)}) {
        for (const auto& verb : every_verb()) {
            INFO(verb.name);
            for_each_setting([&](const setting& now) {
                std::atomic<std::size_t> sum = 0;
                verb.run(100, [&](std::size_t i) { sum += i; }, until(far, now));
                REQUIRE(sum == 4950);
            });
        }
    }
}

TEST_CASE("a deadline is seen inside a chunk", "[fault][deadline]") {
    const watchdog guard("deadline inside a chunk");
    for (const auto& verb : every_verb()) {
        if (verb.whole_blocks)
            continue;
        INFO(verb.name);
        for_each_setting({0, 1000000}, [&](const setting& now) {
            const auto deadline = steady_clock::now() + milliseconds(8);
            call_log log(150);
            std::atomic<std::size_t> late = 0;
            const auto item = [&](std::size_t i) {
                const auto inside = log.enter(i);
                if (steady_clock::now() > deadline + milliseconds(1))
                    ++late;
                sleep_us(1100);
            };
            const auto seen = lateness_of([&] { verb.run(150, item, until(deadline, now)); });
            log.close();
            CHECK(seen.exceeded);
            CHECK(seen.done == log.calls());
            CHECK(late <= 3 * now.threads);
            CHECK(log.quiet());
        });
    }
}

TEST_CASE("a deadline is seen where cheap items turn dear", "[fault][deadline]") {
    const watchdog guard("deadline, cheap then dear");
    static constexpr std::size_t cheap = 100000;
    static constexpr std::size_t n = cheap + 200;
    for_each_setting({0, n}, [](const setting& now) {
        std::atomic<std::size_t> dear = 0;
        const auto deadline = steady_clock::now() + milliseconds(30);
        const auto item = [&](std::size_t i) {
            if (i < cheap)
                return;
            if (steady_clock::now() > deadline + milliseconds(1))
                ++dear;
            sleep_ms(6);
        };
        const auto seen = lateness_of(
            [&] { parmap::parallel_for_each(parmap::indices(n), item, until(deadline, now)); });
        CHECK(seen.exceeded);
        CHECK(dear <= 2 * now.threads);
    });
}

TEST_CASE("tiny items and endless sources end at the deadline", "[fault][deadline]") {
    const watchdog guard("tiny items until a deadline");
    static constexpr auto n = std::numeric_limits<std::size_t>::max() / 1000;
    for_each_setting({0, 1, 1 << 16, n}, [](const setting& now) {
        std::atomic<std::size_t> last = 0;
        const auto item = [&](std::size_t i) { last.store(i, std::memory_order_relaxed); };
        const auto soon = [&] { return until(steady_clock::now() + milliseconds(2), now); };
        const auto seen =
            lateness_of([&] { parmap::parallel_for_each(parmap::indices(n), item, soon()); });
        CHECK(seen.exceeded);
        CHECK(seen.total == n);
        if (now.grain > 1 << 20)
            return; // a block of a source that large cannot be held
        const auto same = [](std::size_t i) { return i; };
        CHECK(lateness_of([&] {
                  parmap::parallel_for_each(one_pass(n, same), item, soon());
              }).exceeded);
    });
}

TEST_CASE("a deadline that passes during the last item leaves nothing out", "[fault][deadline]") {
    for (const auto threads : pool_sizes) {
        const setting now{parmap::schedule::serial, threads, 0};
        const auto deadline = steady_clock::now() + milliseconds(50);
        bool last_ran = false;
        const auto item = [&](std::size_t i) {
            last_ran = i == 9;
            while (i == 9 && steady_clock::now() < deadline + milliseconds(2))
                sleep_ms(1);
            return i;
        };
        const auto seen = lateness_of([&] {
            const auto all = parmap::parallel_map(parmap::indices(10), item, until(deadline, now));
            CHECK(all == verbs::first_numbers(10));
        });
        CHECK(seen.exceeded != last_ran);
    }
}

TEST_CASE("an exception below all that a deadline left out leaves", "[fault][deadline]") {
    for_each_setting({0, 1, 1000}, [](const setting& now) {
        const auto deadline = steady_clock::now() + milliseconds(5);
        std::atomic<bool> first_ran = false;
        const auto item = [&](std::size_t i) {
            if (i == 0)
                first_ran = true;
            while (steady_clock::now() < deadline + milliseconds(2))
                sleep_us(500);
            if (i == 0)
                throw item_error(i);
        };
        std::optional<std::size_t> failed;
        const auto seen = lateness_of([&] {
            failed = failing_index([&] {
                parmap::parallel_for_each(parmap::indices(100), item, until(deadline, now));
            });
        });
        CHECK(seen.exceeded == !first_ran);
        CHECK(failed.has_value() == first_ran);
    });
}

TEST_CASE("what a deadline kept from running says so in try_map", "[fault][deadline]") {
    for_each_setting([](const setting& now) {
        const auto passed = steady_clock::now();
        const auto outcomes = parmap::parallel_try_map(
            parmap::indices(20), [](std::size_t i) { return i; }, until(passed, now));
        REQUIRE(outcomes.size() == 20);
        for (const auto& outcome : outcomes) {
            CHECK_FALSE(outcome.has_value());
            CHECK_THROWS_AS(outcome.value(), parmap::operation_cancelled);
        }
    });
}

TEST_CASE("a stop comes through although a deadline is set", "[fault][deadline]") {
    for_each_setting([](const setting& now) {
        std::stop_source source;
        auto how = until(steady_clock::now() + std::chrono::hours(1), now);
        how.stop = source.get_token();
        std::atomic<int> calls = 0;
        const auto item = [&](std::size_t) {
            if (++calls == 3)
                source.request_stop();
            sleep_us(1100);
        };
        bool late = false, stopped = false;
        try {
            parmap::parallel_for_each(parmap::indices(60), item, how);
        } catch (const parmap::deadline_exceeded&) {
            late = true;
        } catch (const parmap::operation_cancelled&) {
            stopped = true;
        }
        CHECK(stopped);
        CHECK_FALSE(late);
    });
}
