// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/pools.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <numeric>
#include <oneapi/tbb/global_control.h>
#include <parmap/parmap.hpp>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

std::vector<parmap::future<std::size_t>> squares(parmap::pool& pool, std::size_t n) {
    std::vector<parmap::future<std::size_t>> tasks;
    for (std::size_t i = 0; i != n; ++i)
        tasks.push_back(
            parmap::submit_on(pool, [i] { return i; }).then([](std::size_t x) { return x * x; }));
    return tasks;
}

// A task that gives 0 once the gate opens, in which it is already, and one that nothing holds.
template <class F>
std::vector<parmap::future<int>> held_and_free(gate& inside, F free) {
    std::vector<parmap::future<int>> two;
    two.push_back(parmap::submit_on(pool_of(2), [&inside] {
        inside.pass();
        return 0;
    }));
    REQUIRE(inside.wait_for_arrivals(1));
    two.push_back(parmap::submit_on(pool_of(2), free));
    return two;
}

using futures = std::vector<parmap::future<int>>;
using any_future = parmap::future<parmap::when_any_result<int>>;

template <class... Futures>
futures several(Futures... parts) {
    futures all;
    (all.push_back(std::move(parts)), ...);
    return all;
}

// A task does something with what it is itself a part of: what `combine` makes of its future.
template <class Combine, class Inside>
void from_inside(Combine combine, Inside inside) {
    parmap::pool pool(1);
    gate made;
    gate ended;
    ended.open();
    decltype(combine(parmap::future<int>())) whole;
    whole = combine(parmap::submit_on(pool, [&] {
        made.pass();
        inside(whole);
        ended.pass();
        return 1;
    }));
    REQUIRE(made.wait_for_arrivals(1)); // else this thread would run it
    made.open();
    REQUIRE(ended.wait_for_arrivals(1)); // else there would be no pool for the whole
    pool.shutdown();
}

any_future any_of_one(parmap::future<int> part) {
    return parmap::when_any(several(std::move(part)));
}

} // namespace

TEST_CASE("when_all gives all values in order", "[async][when]") {
    const watchdog dog("when_all");
    for (const std::size_t threads : pool_sizes) {
        for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 33}) {
            const auto all = parmap::when_all(squares(pool_of(threads), n)).get();
            REQUIRE(all.size() == n);
            for (std::size_t i = 0; i != n; ++i)
                CHECK(all[i] == i * i);
        }
    }
    const auto [one, nothing, word] =
        parmap::when_all(parmap::submit([] { return 1; }), parmap::submit([] {}),
                         parmap::submit([] { return std::string("word"); }))
            .get();
    CHECK(one == 1);
    CHECK(nothing == std::monostate());
    CHECK(word == "word");
    std::vector<parmap::future<void>> nothings;
    nothings.push_back(parmap::submit([] {}));
    CHECK(parmap::when_all(std::move(nothings)).get().size() == 1);
}

TEST_CASE("when_all ends with the lowest failure, whichever came first", "[async][when]") {
    const watchdog dog("when_all failing");
    for (std::size_t bad = 0; bad != 12; ++bad) {
        std::vector<parmap::future<std::size_t>> tasks;
        for (std::size_t i = 0; i != 12; ++i) {
            tasks.push_back(parmap::submit_on(pool_of(3), [i, bad] {
                if (i == bad)
                    std::this_thread::sleep_for(2ms); // later than those above
                if (i >= bad)
                    throw item_error(i);
                return i;
            }));
        }
        CHECK(failing_index([&] { parmap::when_all(std::move(tasks)).get(); }) == bad);
    }
}

TEST_CASE("a failure stops those above it", "[async][when]") {
    const watchdog dog("when_all stopping");
    std::vector<parmap::future<int>> tasks;
    tasks.push_back(parmap::submit_on(pool_of(3), []() -> int { throw item_error(0); }));
    for (int i = 0; i != 3; ++i) {
        tasks.push_back(parmap::submit_on(pool_of(3), [](const std::stop_token& stop) {
            while (!stop.stop_requested())
                std::this_thread::yield();
            return 1;
        }));
    }
    CHECK(failing_index([&] { parmap::when_all(std::move(tasks)).get(); }) == 0);
}

TEST_CASE("dropping a when_all stops and joins its parts", "[async][when]") {
    const watchdog dog("when_all dropped");
    std::atomic<int> running = 0;
    {
        std::vector<parmap::future<void>> tasks;
        for (int i = 0; i != 4; ++i) {
            tasks.push_back(parmap::submit_on(pool_of(2), [&running](const std::stop_token& stop) {
                ++running;
                while (!stop.stop_requested())
                    std::this_thread::yield();
                --running;
            }));
        }
        const auto all = parmap::when_all(std::move(tasks));
        while (running == 0)
            std::this_thread::yield();
    }
    CHECK(running == 0);
}

TEST_CASE("when_any gives all futures back and the index of a ready one", "[async][when]") {
    const watchdog dog("when_any");
    CHECK_THROWS_AS(parmap::when_any(std::vector<parmap::future<int>>()), std::invalid_argument);
    for (const std::size_t threads : pool_sizes) {
        auto [index, tasks] = parmap::when_any(squares(pool_of(threads), 9)).get();
        REQUIRE(tasks.size() == 9);
        CHECK(tasks[index].is_ready());
        for (std::size_t i = 0; i != 9; ++i)
            CHECK(tasks[i].get() == i * i);
    }
    gate inside;
    auto two = held_and_free(inside, []() -> int { throw item_error(1); });
    auto any = parmap::when_any(std::move(two)).get();
    CHECK(any.index == 1);
    CHECK(failing_index([&] { any.futures[1].get(); }) == 1);
    inside.open();
    CHECK(any.futures[0].get() == 0);
}

TEST_CASE("as_completed yields each future once, the ready ones first", "[async][when]") {
    const watchdog dog("as_completed");
    for (const std::size_t threads : pool_sizes) {
        for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 33}) {
            std::vector<std::size_t> seen;
            for (auto&& task : parmap::as_completed(squares(pool_of(threads), n))) {
                CHECK(task.is_ready());
                seen.push_back(task.get());
            }
            std::sort(seen.begin(), seen.end());
            REQUIRE(seen.size() == n);
            for (std::size_t i = 0; i != n; ++i)
                CHECK(seen[i] == i * i);
        }
    }
    gate inside;
    auto two = held_and_free(inside, [] { return 1; });
    std::vector<int> order;
    for (parmap::future<int> task : parmap::as_completed(std::move(two))) {
        order.push_back(task.get());
        inside.open();
    }
    CHECK(order == std::vector<int>{1, 0});
}

TEST_CASE("who waits for any does not stay with one that another thread has taken",
          "[async][when]") {
    const watchdog dog("any of several");
    gate inside;
    parmap::pool pool(1);
    const auto here = std::this_thread::get_id();
    std::vector<parmap::future<int>> parts;
    // The waiting thread runs the head of the first part; the pool's worker is held in its tail.
    parts.push_back(parmap::submit_on(pool, [] { return 0; }).then([&](int x) {
        if (std::this_thread::get_id() != here)
            inside.pass();
        return x;
    }));
    parts.push_back(parmap::submit_on(pool, [] { return 1; }));
    auto any = parmap::when_any(std::move(parts)).get();
    CHECK(any.futures[any.index].is_ready());
    inside.open();
    std::size_t sum = 0;
    for (auto&& part : parmap::as_completed(std::move(any.futures)))
        sum += static_cast<std::size_t>(part.get());
    CHECK(sum == 1);
}

// Each level waits for the one below it, is stopped with it and lets go of it.
TEST_CASE("when_all of when_all, as deep as a stack is not", "[async][when]") {
    const watchdog dog("deep when_all");
    for (const bool dropped : {false, true}) {
        const int levels = dropped ? 30'000 : 2'000;
        gate inside;
        auto tower = parmap::submit_on(pool_of(2), [&inside] {
            inside.pass();
            return 0;
        });
        REQUIRE(inside.wait_for_arrivals(1));
        for (int i = 0; i != levels; ++i) {
            std::vector<parmap::future<int>> below;
            below.push_back(std::move(tower));
            below.push_back(parmap::submit_on(pool_of(2), [] { return 1; }));
            tower = parmap::when_all(std::move(below)).then([](const std::vector<int>& values) {
                return values[0] + values[1];
            });
        }
        if (dropped)
            tower.request_stop();
        inside.open();
        if (dropped) {
            CHECK_THROWS_AS(tower.get(), parmap::operation_cancelled);
        } else {
            CHECK(tower.get() == levels);
        }
    }
}

TEST_CASE("waiting for any from inside its only part is an error, and dropping it no wait",
          "[async][when]") {
    const watchdog dog("any of itself");
    from_inside(any_of_one, [](any_future& any) { CHECK_THROWS_AS(any.wait(), std::logic_error); });
    from_inside(any_of_one, [](any_future& any) { any = {}; });
    const auto nested = [](parmap::future<int> part) {
        auto any = any_of_one(std::move(part)).then([](auto) { return 1; });
        auto all = parmap::when_all(several(std::move(any), parmap::submit([] { return 2; })));
        return any_of_one(std::move(all).then([](const auto& values) { return values[0]; }));
    };
    from_inside(nested, [](any_future& any) { CHECK_THROWS_AS(any.wait(), std::logic_error); });
    from_inside(nested, [](any_future& any) { any = {}; });
}

TEST_CASE("from inside one part, any waits for another that can end", "[async][when]") {
    const watchdog dog("any of itself and another");
    gate other;
    parmap::pool others(1);
    const auto with_other = [&](parmap::future<int> part) {
        auto runs = parmap::submit_on(others, [&other] {
            other.pass();
            return 2;
        });
        REQUIRE(other.wait_for_arrivals(1));
        return parmap::when_any(several(std::move(part), std::move(runs)));
    };
    from_inside(with_other, [&other](any_future& any) {
        CHECK_FALSE(any.wait_for(5ms));
        const std::jthread opens([&other] {
            std::this_thread::sleep_for(20ms);
            other.open();
        });
        CHECK(any.get().index == 1);
    });
}

TEST_CASE("waiting for any from inside all of its parts is an error, until one has ended",
          "[async][when]") {
    const watchdog dog("any of two around it");
    parmap::pool others(1);
    gate holds_worker;
    auto holding = parmap::submit_on(others, [&holds_worker] { holds_worker.pass(); });
    REQUIRE(holds_worker.wait_for_arrivals(1));
    any_future* any = nullptr;
    bool refused = false;
    const auto with_inner = [&](parmap::future<int> part) {
        auto inner = parmap::submit_on(others, [&] {
            try {
                any->wait();
            } catch (const std::logic_error&) {
                refused = true;
            }
            return 2;
        });
        return parmap::when_any(several(std::move(part), std::move(inner)));
    };
    from_inside(with_inner, [&](any_future& whole) {
        any = &whole;
        whole.wait(); // runs the inner one
        CHECK(whole.get().index == 1);
    });
    CHECK(refused);
    holds_worker.open();
    holding.get();
}

TEST_CASE("one thread is enough to wait for several", "[async][when]") {
    const watchdog dog("one thread");
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
    parmap::pool pool(4);
    CHECK(parmap::when_all(squares(pool, 5)).get().size() == 5);
    CHECK(parmap::when_any(squares(pool, 5)).get().futures.size() == 5);
    std::size_t sum = 0;
    for (auto&& task : parmap::as_completed(squares(pool, 5)))
        sum += task.get();
    CHECK(sum == 0 + 1 + 4 + 9 + 16);
}

TEST_CASE("futures of futures, thrown away at any moment", "[async][when]") {
    const watchdog dog("thrown away");
    for (int round = 0; round != 200; ++round) {
        parmap::pool& pool = pool_of(1 + static_cast<std::size_t>(round % 3));
        auto all = parmap::when_all(squares(pool, 5)).then([](const auto& values) {
            return std::accumulate(values.begin(), values.end(), std::size_t{0});
        });
        auto any = parmap::when_any(squares(pool, 5));
        auto completed = parmap::as_completed(squares(pool, 5));
        if (round % 2 == 0)
            CHECK(all.get() == 0 + 1 + 4 + 9 + 16);
        if (round % 5 == 0)
            CHECK((*completed.begin()).is_ready());
    }
}
