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
#include <mutex>
#include <numeric>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/map_into.hpp>
#include <parmap/core/options.hpp>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

std::vector<std::size_t> indices_of(std::size_t n) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// An on_progress that remembers all it was told, and whether it was ever called concurrently.
struct listener {
    std::vector<parmap::progress> told;
    std::atomic<bool> busy = false;
    std::atomic<bool> overlapped = false;

    std::function<void(parmap::progress)> ear() {
        return [this](parmap::progress now) {
            if (busy.exchange(true)) {
                overlapped = true;
            }
            std::this_thread::yield();
            told.push_back(now);
            busy = false;
        };
    }
    bool never_fell() const { return std::ranges::is_sorted(told, {}, &parmap::progress::done); }
};

} // namespace

TEST_CASE("options is an aggregate of seven defaulted fields in this order", "[core][options]") {
    STATIC_REQUIRE(std::is_aggregate_v<parmap::options>);
    const auto [pool, schedule, grain, window, stop, deadline, on_progress] = parmap::options{};
    STATIC_REQUIRE(std::is_same_v<decltype(pool), parmap::pool* const>);
    STATIC_REQUIRE(std::is_same_v<decltype(schedule), const parmap::schedule>);
    STATIC_REQUIRE(std::is_same_v<decltype(grain), const std::size_t>);
    STATIC_REQUIRE(std::is_same_v<decltype(window), const std::size_t>);
    STATIC_REQUIRE(std::is_same_v<decltype(stop), const std::stop_token>);
    STATIC_REQUIRE(std::is_same_v<decltype(deadline), const std::chrono::steady_clock::time_point>);
    STATIC_REQUIRE(
        std::is_same_v<decltype(on_progress), const std::function<void(parmap::progress)>>);
    CHECK(pool == nullptr);
    CHECK(schedule == parmap::schedule::adaptive);
    CHECK(grain == 0);
    CHECK(window == 0);
    CHECK_FALSE(stop.stop_possible());
    CHECK(deadline == parmap::no_deadline);
    CHECK_FALSE(on_progress);
}

TEST_CASE("no_deadline is later than any time", "[core][options]") {
    STATIC_REQUIRE(parmap::no_deadline == std::chrono::steady_clock::time_point::max());
}

TEST_CASE("progress holds done and total", "[core][progress]") {
    STATIC_REQUIRE(std::is_aggregate_v<parmap::progress>);
    const auto [done, total] = parmap::progress{3, 7};
    CHECK(done == 3);
    CHECK(total == 7);
}

TEST_CASE("without a pool the default one works", "[core][options]") {
    call_log log(2000);
    const auto out = parmap::parallel_map(indices_of(2000), [&](std::size_t i) {
        const auto visit = log.enter(i);
        return i;
    });
    CHECK(out == indices_of(2000));
    CHECK(log.threads().size() <= parmap::default_pool().size());
}

TEST_CASE("a run of grain items belongs to one thread", "[core][options]") {
    const watchdog guard("options: grain");
    const std::size_t n = 200;
    for (const auto schedule : {parmap::schedule::adaptive, parmap::schedule::balanced}) {
        for (const std::size_t grain : {std::size_t{7}, std::size_t{64}, n + 1}) {
            const setting now{schedule, 3, grain};
            INFO(now.name());
            std::vector<std::thread::id> who(n);
            parmap::parallel_for_each(
                indices_of(n),
                [&](std::size_t i) {
                    std::this_thread::sleep_for(50us);
                    who[i] = std::this_thread::get_id();
                },
                now.options());
            bool together = true;
            for (std::size_t i = 0; i < n; ++i) {
                together = together && who[i] == who[i / grain * grain];
            }
            CHECK(together);
        }
    }
}

TEST_CASE("on_progress ends with done == total", "[core][options][progress]") {
    const watchdog guard("options: progress");
    for (const std::size_t n : {std::size_t{1}, std::size_t{33}, std::size_t{1000}}) {
        for_each_setting(grains_for(n), [&](const setting& now) {
            listener heard;
            auto with = now.options();
            with.on_progress = heard.ear();
            CHECK(parmap::parallel_map(
                      indices_of(n), [](std::size_t i) { return i; }, with) == indices_of(n));
            REQUIRE_FALSE(heard.told.empty());
            CHECK(heard.told.back().done == n);
            CHECK(heard.told.back().total == n);
            CHECK(heard.never_fell());
            CHECK_FALSE(heard.overlapped);
        });
    }
}

TEST_CASE("on_progress tells about a long call while it runs, now and then",
          "[core][options][progress]") {
    const watchdog guard("options: progress rate");
    for (const auto schedule : schedules) {
        const setting now{schedule, 3, 0};
        INFO(now.name());
        listener heard;
        auto with = now.options();
        with.on_progress = heard.ear();
        const auto began = std::chrono::steady_clock::now();
        const std::size_t n = schedule == parmap::schedule::serial ? 300 : 900;
        parmap::parallel_for_each(
            indices_of(n), [](std::size_t) { std::this_thread::sleep_for(1ms); }, with);
        const auto took = std::chrono::steady_clock::now() - began;
        CHECK(heard.told.size() >= 3);
        // about 20 a second at most, the last call extra
        CHECK(heard.told.size() <= static_cast<std::size_t>(25 * took / 1s + 3));
        CHECK(heard.told.front().done < n);
        CHECK(heard.told.front().total == n);
        CHECK(heard.told.back().done == n);
        CHECK(heard.never_fell());
        CHECK_FALSE(heard.overlapped);
    }
}

TEST_CASE("total is unknown until an unsized source has ended", "[core][options][progress]") {
    const watchdog guard("options: unsized progress");
    const auto make = [](std::size_t i) {
        std::this_thread::sleep_for(i % 2 * 1ms);
        return i;
    };
    for (const auto schedule : schedules) {
        const setting now{schedule, 2, 1};
        INFO(now.name());
        listener heard;
        auto with = now.options();
        with.on_progress = heard.ear();
        parmap::parallel_for_each(one_pass(400, make), [](std::size_t) {}, with);
        REQUIRE(heard.told.size() >= 2);
        CHECK(heard.told.front().total == 0);
        CHECK(heard.told.back().done == 400);
        CHECK(heard.told.back().total == 400);
        CHECK_FALSE(heard.overlapped);
    }
}

TEST_CASE("what on_progress throws stops the work and leaves the call",
          "[core][options][progress][errors]") {
    const watchdog guard("options: throwing progress");
    const std::size_t n = 100'000;
    for (const auto schedule : schedules) {
        for (const std::size_t threads : pool_sizes) {
            const setting now{schedule, threads, 0};
            INFO(now.name());
            auto with = now.options();
            with.on_progress = [](parmap::progress p) { throw item_error(p.total); };
            call_log log(n);
            counts.reset();
            const auto index = failing_index([&] {
                return parmap::parallel_map(
                    indices_of(n),
                    [&](std::size_t i) {
                        const auto visit = log.enter(i);
                        std::this_thread::sleep_for(200us);
                        return counted(static_cast<long>(i));
                    },
                    with);
            });
            log.close();
            CHECK(index == n);
            CHECK(log.calls() < n);
            CHECK(log.quiet(2ms));
            CHECK(counts.balanced());
        }
    }
}

TEST_CASE("on_progress may throw at the very end", "[core][options][progress][errors]") {
    for_each_setting([&](const setting& now) {
        auto with = now.options();
        with.on_progress = [](parmap::progress p) {
            if (p.done == p.total) {
                throw item_error(p.done);
            }
        };
        counts.reset();
        const auto index = failing_index([&] {
            return parmap::parallel_map(
                indices_of(100), [](std::size_t i) { return counted(static_cast<long>(i)); }, with);
        });
        CHECK(index == std::size_t{100});
        CHECK(counts.balanced());
    });
}
