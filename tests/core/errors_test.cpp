// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <limits>
#include <list>
#include <numeric>
#include <optional>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/map_blocks.hpp>
#include <parmap/algorithm/map_into.hpp>
#include <parmap/core/errors.hpp>
#include <parmap/core/indices.hpp>
#include <random>
#include <span>
#include <stop_token>
#include <string>
#include <type_traits>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

std::vector<std::size_t> indices_of(std::size_t n) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

struct numbers_told {
    std::size_t done;
    std::size_t total;
    bool by_deadline;
};

/// What the operation_cancelled that call() lets out tells, or nothing if it returns.
template <class Call>
std::optional<numbers_told> cancelled_by(Call call) {
    try {
        call();
    } catch (const parmap::deadline_exceeded& stopped) {
        return numbers_told{stopped.done(), stopped.total(), true};
    } catch (const parmap::operation_cancelled& stopped) {
        return numbers_told{stopped.done(), stopped.total(), false};
    }
    return std::nullopt;
}

/// Runs each verb that can be cancelled on n items, with f called for every item (of a block, for
/// its first), and hands check what came of it.
template <class F, class Check>
void with_each_verb(std::size_t n, const parmap::options& with, F f, Check check) {
    const auto in = indices_of(n);
    const std::list<std::size_t> linked(in.begin(), in.end());
    std::vector<std::size_t> out(n);
    check(cancelled_by([&] { return parmap::parallel_map(in, f, with); }));
    check(cancelled_by([&] { return parmap::parallel_map(linked, f, with); }));
    check(cancelled_by([&] { parmap::parallel_map_into(in, out, f, with); }));
    check(cancelled_by([&] { parmap::parallel_map_into(linked, out, f, with); }));
    check(cancelled_by([&] { parmap::parallel_for_each(in, f, with); }));
    check(cancelled_by([&] { parmap::parallel_for_each(linked, f, with); }));
    const auto block = [&](std::span<const std::size_t> a, std::span<std::size_t>) { f(a[0]); };
    check(cancelled_by([&] { parmap::parallel_map_blocks(in, out, block, with); }));
}

} // namespace

TEST_CASE("operation_cancelled tells how far the call came", "[core][errors]") {
    STATIC_REQUIRE(std::is_base_of_v<std::exception, parmap::operation_cancelled>);
    STATIC_REQUIRE(std::is_base_of_v<parmap::operation_cancelled, parmap::deadline_exceeded>);
    STATIC_REQUIRE(std::is_nothrow_copy_constructible_v<parmap::deadline_exceeded>);
    std::stop_source source;
    source.request_stop();
    try {
        parmap::parallel_for_each(indices_of(7), [](std::size_t) {}, {.stop = source.get_token()});
        FAIL("it ran");
    } catch (const std::exception& error) {
        CHECK_FALSE(std::string(error.what()).empty());
        const auto* stopped = dynamic_cast<const parmap::operation_cancelled*>(&error);
        REQUIRE(stopped != nullptr);
        CHECK(stopped->done() == 0);
        CHECK(stopped->total() == 7);
    }
}

TEST_CASE("asked to stop beforehand, nothing runs", "[core][errors][stop]") {
    std::stop_source source;
    source.request_stop();
    for_each_setting([&](const setting& now) {
        auto with = now.options();
        with.stop = source.get_token();
        for (const std::size_t n : {std::size_t{1}, std::size_t{33}, std::size_t{1000}}) {
            std::atomic<int> calls = 0;
            const auto f = [&](std::size_t i) {
                ++calls;
                return i;
            };
            with_each_verb(n, with, f, [&](const std::optional<numbers_told>& told) {
                REQUIRE(told.has_value());
                CHECK(told->done == 0);
                CHECK(told->total == n);
                CHECK_FALSE(told->by_deadline);
            });
            CHECK(calls == 0);
        }
    });
}

TEST_CASE("nothing to do is done, stopped or late", "[core][errors][stop][deadline]") {
    std::stop_source source;
    source.request_stop();
    for_each_setting([&](const setting& now) {
        auto with = now.options();
        with.stop = source.get_token();
        with.deadline = steady_clock::now() - 1h;
        const auto f = [](std::size_t i) { return i; };
        with_each_verb(0, with, f, [&](const auto& told) { CHECK_FALSE(told.has_value()); });
    });
}

TEST_CASE("a deadline that has passed leaves deadline_exceeded", "[core][errors][deadline]") {
    const watchdog guard("errors: deadline");
    for_each_setting([&](const setting& now) {
        for (const auto deadline : {steady_clock::now() - 1s, steady_clock::time_point::min()}) {
            auto with = now.options();
            with.deadline = deadline;
            std::atomic<std::size_t> calls = 0;
            const auto f = [&](std::size_t i) {
                ++calls;
                std::this_thread::sleep_for(1ms);
                return i;
            };
            const auto in = indices_of(1000);
            const auto told = cancelled_by([&] { return parmap::parallel_map(in, f, with); });
            REQUIRE(told.has_value());
            CHECK(told->by_deadline);
            CHECK(told->done == calls);
            CHECK(told->total == 1000);
            CHECK(calls <= 4 * now.threads);
        }
    });
}

TEST_CASE("a deadline far away, or none, lets all run", "[core][errors][deadline]") {
    for_each_setting([&](const setting& now) {
        auto with = now.options();
        for (const auto deadline : {steady_clock::now() + 24h, parmap::no_deadline}) {
            with.deadline = deadline;
            const auto f = [](std::size_t i) { return i; };
            with_each_verb(100, with, f, [&](const auto& told) { CHECK_FALSE(told.has_value()); });
        }
    });
}

TEST_CASE("if all items had run, the result is returned", "[core][errors][stop]") {
    const watchdog guard("errors: stopped too late");
    for_each_setting({0, 1, 7, 101}, [&](const setting& now) {
        for (const std::size_t n : {std::size_t{1}, std::size_t{2}, std::size_t{100}}) {
            std::stop_source source;
            auto with = now.options();
            with.stop = source.get_token();
            call_log log(n);
            const auto f = [&](std::size_t i) {
                const auto visit = log.enter(i);
                if (log.calls() == n) {
                    source.request_stop(); // all have begun
                }
                return i;
            };
            const auto in = indices_of(n);
            if (now.grain != 7) {
                CHECK(parmap::parallel_map(in, f, with) == in);
            } else { // its size is known, so that its end need not be walked to
                const std::list<std::size_t> linked(in.begin(), in.end());
                CHECK(parmap::parallel_map(linked, f, with) == in);
            }
            CHECK(source.stop_requested());
        }
    });
}

TEST_CASE("a loop of a trillion items ends when it is asked to", "[core][errors][stop]") {
    const watchdog guard("errors: trillion");
    const std::size_t n = 1'000'000'000'000;
    for_each_setting({0, 1, 1'000'000'000, n, n + 1}, [&](const setting& now) {
        std::stop_source source;
        auto with = now.options();
        with.stop = source.get_token();
        const auto f = [&](std::size_t i) {
            if (i == 0) {
                source.request_stop();
            }
        };
        const auto told =
            cancelled_by([&] { parmap::parallel_for_each(parmap::indices(n), f, with); });
        REQUIRE(told.has_value());
        CHECK(told->total == n);
        CHECK(told->done >= 1);
        CHECK_FALSE(told->by_deadline);
    });
}

TEST_CASE("a loop of a trillion items ends at its deadline", "[core][errors][deadline]") {
    const watchdog guard("errors: trillion, deadline");
    const std::size_t n = 1'000'000'000'000;
    for_each_setting({0, 1, n}, [&](const setting& now) {
        auto with = now.options();
        with.deadline = steady_clock::now() + 5ms;
        const auto told = cancelled_by(
            [&] { parmap::parallel_for_each(parmap::indices(n), [](std::size_t) {}, with); });
        REQUIRE(told.has_value());
        CHECK(told->by_deadline);
        CHECK(steady_clock::now() >= with.deadline);
    });
}

TEST_CASE("an endless source ends when it is asked to", "[core][errors][stop]") {
    const watchdog guard("errors: endless source");
    for_each_setting({0, 1, 64}, [&](const setting& now) {
        std::stop_source source;
        auto with = now.options();
        with.stop = source.get_token();
        std::atomic<std::size_t> calls = 0;
        const auto f = [&](std::size_t) {
            if (++calls == 500) {
                source.request_stop();
            }
        };
        const auto endless = std::numeric_limits<std::size_t>::max();
        const auto told = cancelled_by([&] {
            parmap::parallel_for_each(one_pass(endless, [](std::size_t i) { return i; }), f, with);
        });
        REQUIRE(told.has_value());
        CHECK(told->done == calls);
        CHECK(told->total == 0);
    });
}
