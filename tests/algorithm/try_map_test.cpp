// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <numeric>
#include <parmap/algorithm/try_map.hpp>
#include <parmap/core/errors.hpp>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

std::vector<std::size_t> indices_of(std::size_t n) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

bool fails(std::size_t i) {
    return i % 3 == 1;
}

std::size_t two_in_three(std::size_t i) {
    return fails(i) ? throw item_error(i) : 10 * i;
}

/// True if every outcome is what the loop with a try block would have left.
template <class Outcomes>
bool as_the_loop(const Outcomes& outcomes) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].has_value() == fails(i) || (outcomes[i].error() != nullptr) != fails(i)) {
            return false;
        }
        const auto index = failing_index([&] { (void)outcomes[i].value(); });
        if (fails(i) ? index != i : outcomes[i].value() != 10 * i) {
            return false;
        }
    }
    return true;
}

template <class Outcome>
bool was_cancelled(const Outcome& outcome) {
    try {
        (void)outcome.value();
    } catch (const parmap::operation_cancelled&) {
        return true;
    } catch (...) {
    }
    return false;
}

} // namespace

TEST_CASE("parallel_try_map gives a vector of outcomes", "[algorithm][try_map]") {
    using in = const std::vector<std::size_t>&;
    using text = const std::string& (*)(std::size_t);
    STATIC_REQUIRE(
        std::is_same_v<decltype(parmap::parallel_try_map(std::declval<in>(), std::declval<text>())),
                       std::vector<parmap::outcome<std::string>>>);
}

TEST_CASE("each outcome is its item's value or its exception", "[algorithm][try_map]") {
    const watchdog guard("try_map: outcomes");
    for (const std::size_t n : small_sizes) {
        const auto in = indices_of(n);
        const std::list<std::size_t> linked(in.begin(), in.end());
        for_each_setting(
            n > 33 ? std::vector<std::size_t>{0, 7} : grains_for(n), [&](const setting& now) {
                const auto out = parmap::parallel_try_map(in, two_in_three, now.options());
                REQUIRE(out.size() == n);
                CHECK(as_the_loop(out));
                const auto listed = parmap::parallel_try_map(linked, two_in_three, now.options());
                REQUIRE(listed.size() == n);
                CHECK(as_the_loop(listed));
            });
    }
}

TEST_CASE("all items may fail, and all still run, once", "[algorithm][try_map]") {
    const watchdog guard("try_map: all fail");
    for_each_setting([&](const setting& now) {
        call_log log(300);
        const auto out = parmap::parallel_try_map(
            indices_of(300),
            [&](std::size_t i) -> int {
                const auto visit = log.enter(i);
                throw item_error(i);
            },
            now.options());
        log.close();
        REQUIRE(out.size() == 300);
        CHECK(log.each_ran_once());
        CHECK(log.quiet());
        CHECK(failing_index([&] { (void)out[299].value(); }) == std::size_t{299});
    });
}

TEST_CASE("what is not a std::exception is kept, too", "[algorithm][try_map]") {
    for_each_setting([&](const setting& now) {
        const auto out = parmap::parallel_try_map(
            indices_of(100), [](std::size_t i) -> int { throw static_cast<int>(i); },
            now.options());
        CHECK_THROWS_AS((void)out.at(50).value(), int);
    });
}

TEST_CASE("outcomes of move-only results are made and destroyed once", "[algorithm][try_map]") {
    const watchdog guard("try_map: counted");
    for_each_setting({0, 1, 7}, [&](const setting& now) {
        counts.reset();
        {
            auto out = parmap::parallel_try_map(
                one_pass(300, [](std::size_t i) { return counted(static_cast<long>(i)); }),
                [](const counted& x) {
                    const auto i = static_cast<std::size_t>(x.value());
                    return fails(i) ? throw item_error(i) : counted(x.value());
                },
                now.options());
            REQUIRE(out.size() == 300);
            CHECK(counts.live() == 200);
            const counted taken = std::move(out[299]).value();
            CHECK(taken.value() == 299);
        }
        CHECK(counts.balanced());
    });
}

TEST_CASE("asked to stop beforehand, every outcome is cancelled", "[algorithm][try_map][stop]") {
    std::stop_source source;
    source.request_stop();
    for_each_setting([&](const setting& now) {
        auto with = now.options();
        with.stop = source.get_token();
        std::atomic<int> calls = 0;
        const auto out = parmap::parallel_try_map(
            indices_of(100),
            [&](std::size_t i) {
                ++calls;
                return i;
            },
            with);
        REQUIRE(out.size() == 100);
        CHECK(calls == 0);
        CHECK(std::ranges::all_of(out, [](const auto& one) { return was_cancelled(one); }));
    });
}

TEST_CASE("stopped half way, what ran is kept and the rest cancelled",
          "[algorithm][try_map][stop]") {
    const watchdog guard("try_map: stop");
    const std::size_t n = 4000;
    for_each_setting([&](const setting& now) {
        std::stop_source source;
        auto with = now.options();
        with.stop = source.get_token();
        call_log log(n);
        const auto out = parmap::parallel_try_map(
            indices_of(n),
            [&](std::size_t i) {
                const auto visit = log.enter(i);
                std::this_thread::sleep_for(200us);
                if (log.calls() >= 20) {
                    source.request_stop();
                }
                return two_in_three(i);
            },
            with);
        log.close();
        REQUIRE(out.size() == n);
        CHECK(log.calls() < n);
        bool kept = true;
        for (std::size_t i = 0; i < n; ++i) {
            const bool ran_well = log.ran(i) && !fails(i);
            kept = kept && out[i].has_value() == ran_well && was_cancelled(out[i]) == !log.ran(i);
        }
        CHECK(kept);
        CHECK(log.quiet());
    });
}

TEST_CASE("after the deadline, what did not run is cancelled", "[algorithm][try_map][deadline]") {
    const watchdog guard("try_map: deadline");
    for_each_setting([&](const setting& now) {
        auto with = now.options();
        with.deadline = std::chrono::steady_clock::now() - 1s;
        call_log log(4000);
        const auto out = parmap::parallel_try_map(
            indices_of(4000),
            [&](std::size_t i) {
                const auto visit = log.enter(i);
                std::this_thread::sleep_for(1ms);
                return i;
            },
            with);
        REQUIRE(out.size() == 4000);
        CHECK(log.calls() < 100); // seen within an item or about a millisecond, on each thread
        CHECK(was_cancelled(out.back()));
        CHECK(out.back().error() != nullptr);
    });
}

TEST_CASE("an error of the source is no item's outcome: it leaves", "[algorithm][try_map]") {
    for_each_setting([&](const setting& now) {
        const auto make = [](std::size_t i) { return i == 50 ? throw item_error(i) : i; };
        const auto index = failing_index([&] {
            return parmap::parallel_try_map(one_pass(100, make), two_in_three, now.options());
        });
        CHECK(index == std::size_t{50});
    });
}
