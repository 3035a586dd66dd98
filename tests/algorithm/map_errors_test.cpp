// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <cstddef>
#include <list>
#include <numeric>
#include <parmap/algorithm/map.hpp>
#include <random>
#include <stdexcept>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

std::vector<std::size_t> indices_of(std::size_t n) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// Maps with items that fail where `fails` says, and checks all that is promised about it.
template <class Range>
void check_failure(Range&& range, const std::vector<bool>& fails, const setting& now) {
    const auto first =
        static_cast<std::size_t>(std::find(fails.begin(), fails.end(), true) - fails.begin());
    call_log log(fails.size());
    counts.reset();
    const auto out = failing_index([&] {
        return parmap::parallel_map(
            range,
            [&](std::size_t i) {
                const auto visit = log.enter(i);
                if (fails[i]) {
                    throw item_error(i);
                }
                return counted(static_cast<long>(i));
            },
            now.options());
    });
    log.close();
    REQUIRE(out.has_value());
    CHECK(*out == first);
    CHECK(log.ran_all_below(first + 1));
    CHECK(log.none_ran_twice());
    CHECK(log.quiet());
    CHECK(counts.balanced());
}

std::vector<bool> failing_at(std::size_t n, std::initializer_list<std::size_t> where) {
    std::vector<bool> fails(n);
    for (const std::size_t i : where) {
        fails[i] = true;
    }
    return fails;
}

} // namespace

TEST_CASE("whichever single item throws, its exception leaves", "[algorithm][map][errors]") {
    const watchdog guard("map: each index throws");
    for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{33}}) {
        const auto in = indices_of(n);
        const std::list<std::size_t> linked(in.begin(), in.end());
        for_each_setting(n > 3 ? std::vector<std::size_t>{0, 7} : grains_for(n),
                         [&](const setting& now) {
                             for (std::size_t at = 0; at < n; at += n > 3 ? 4 : 1) {
                                 check_failure(in, failing_at(n, {at}), now);
                                 check_failure(linked, failing_at(n, {at}), now);
                             }
                         });
    }
}

TEST_CASE("of several failing items the lowest wins", "[algorithm][map][errors]") {
    const watchdog guard("map: lowest wins");
    const std::size_t n = 1000;
    const auto in = indices_of(n);
    const std::list<std::size_t> linked(in.begin(), in.end());
    for_each_setting(grains_for(n), [&](const setting& now) {
        check_failure(in, failing_at(n, {0, 500, 999}), now);
        check_failure(in, failing_at(n, {499, 500, 501, 750}), now);
        check_failure(in, failing_at(n, {998, 999}), now);
        check_failure(in, std::vector<bool>(n, true), now);
        check_failure(linked, failing_at(n, {333, 334, 700, 999}), now);
    });
}

TEST_CASE("the lowest wins also when it comes last in time", "[algorithm][map][errors]") {
    const watchdog guard("map: late lowest");
    const auto in = indices_of(64);
    for_each_setting([&](const setting& now) {
        call_log log(64);
        const auto out = failing_index([&] {
            return parmap::parallel_map(
                in,
                [&](std::size_t i) {
                    const auto visit = log.enter(i);
                    std::this_thread::sleep_for(i == 3 ? 4ms : 0ms);
                    if (i >= 3) {
                        throw item_error(i);
                    }
                    return i;
                },
                now.options());
        });
        log.close();
        CHECK(out == std::size_t{3});
        CHECK(log.ran_all_below(4));
        CHECK(log.quiet());
    });
}

TEST_CASE("random failures: the loop's exception, at every setting", "[algorithm][map][errors]") {
    const watchdog guard("map: random failures");
    std::mt19937 random(20240229);
    const std::size_t n = 257;
    const auto in = indices_of(n);
    for_each_setting({0, 1, 16}, [&](const setting& now) {
        for (int round = 0; round < 4; ++round) {
            std::vector<bool> fails(n);
            for (int k = 0; k < 5; ++k) {
                fails[random() % n] = true;
            }
            check_failure(in, fails, now);
        }
    });
}

TEST_CASE("100003 items: first, middle and last throw", "[algorithm][map][errors]") {
    const watchdog guard("map: large failures");
    const std::size_t n = 100'003;
    const auto in = indices_of(n);
    for (const auto schedule : schedules) {
        const setting now{schedule, 3, 0};
        INFO(now.name());
        for (const std::size_t at : {std::size_t{0}, n / 2, n - 1}) {
            check_failure(in, failing_at(n, {at, n - 1}), now);
        }
    }
}

TEST_CASE("nothing runs after the call returned", "[algorithm][map][errors]") {
    const watchdog guard("map: no strays");
    const std::size_t n = 4000; // far more than can run while the failing item is held up
    const auto in = indices_of(n);
    for (const auto schedule : schedules) {
        for (const std::size_t threads : pool_sizes) {
            const setting now{schedule, threads, 1};
            INFO(now.name());
            call_log log(n);
            const auto out = failing_index([&] {
                return parmap::parallel_map(
                    in,
                    [&](std::size_t i) {
                        const auto visit = log.enter(i);
                        std::this_thread::sleep_for(100us);
                        if (i == 20 || i == 200) {
                            throw item_error(i);
                        }
                        return i;
                    },
                    now.options());
            });
            log.close();
            CHECK(out == std::size_t{20});
            CHECK(log.quiet(5ms));
            CHECK(log.calls() < n); // a failure ends the work: it does not wait for the rest
        }
    }
}

TEST_CASE("what is thrown leaves unchanged, whatever its type", "[algorithm][map][errors]") {
    const auto in = indices_of(100);
    for_each_setting([&](const setting& now) {
        CHECK_THROWS_AS(
            parmap::parallel_map(
                in, [](std::size_t i) { return i == 50 ? throw 42 : i; }, now.options()),
            int);
        const char* text = "not a std::exception";
        try {
            (void)parmap::parallel_map(
                in, [&](std::size_t i) { return i == 50 ? throw text : i; }, now.options());
            FAIL("nothing was thrown");
        } catch (const char* caught) {
            CHECK(caught == text); // the very object, not one that looks alike
        }
        std::atomic<const void*> thrown = nullptr;
        try {
            (void)parmap::parallel_map(
                in,
                [&](std::size_t i) {
                    try {
                        return i == 50 ? throw std::out_of_range("50") : i;
                    } catch (const std::out_of_range& error) {
                        thrown = &error;
                        throw;
                    }
                },
                now.options());
            FAIL("nothing was thrown");
        } catch (const std::out_of_range& error) {
            CHECK(thrown == &error);
        }
    });
}

TEST_CASE("a failing source fails as a failing item does", "[algorithm][map][errors]") {
    const watchdog guard("map: failing source");
    const std::size_t n = 300;
    for (const std::size_t bad_source : {std::size_t{0}, std::size_t{1}, std::size_t{150}, n - 1}) {
        for (const std::size_t bad_item : {std::size_t{100}, std::size_t{200}}) {
            for_each_setting([&](const setting& now) {
                call_log log(n);
                counts.reset();
                const auto make = [&](std::size_t i) {
                    return i == bad_source ? throw item_error(i) : counted(static_cast<long>(i));
                };
                const auto f = [&](auto&& x) {
                    const auto i = static_cast<std::size_t>(x.value());
                    const auto visit = log.enter(i);
                    return i == bad_item ? throw item_error(i) : counted(x.value());
                };
                const auto out = failing_index(
                    [&] { return parmap::parallel_map(one_pass(n, make), f, now.options()); });
                log.close();
                const std::size_t lowest = std::min(bad_source, bad_item);
                CHECK(out == lowest);
                CHECK(log.ran_all_below(lowest));
                CHECK(log.quiet());
                CHECK(counts.balanced());
            });
        }
    }
}

TEST_CASE("a pool that saw a failure works on", "[algorithm][map][errors]") {
    const auto in = indices_of(100);
    for_each_setting([&](const setting& now) {
        for (int round = 0; round < 10; ++round) {
            CHECK_THROWS_AS(parmap::parallel_map(
                                in, [](std::size_t i) { return i > 5 ? throw item_error(i) : i; },
                                now.options()),
                            item_error);
            CHECK(parmap::parallel_map(in, [](std::size_t i) { return i; }, now.options()) == in);
        }
    });
}
