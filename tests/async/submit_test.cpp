// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/pools.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <oneapi/tbb/global_control.h>
#include <parmap/parmap.hpp>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

int sum_to(int depth, parmap::pool& pool) {
    if (depth == 0)
        return 1;
    auto left = parmap::submit_on(pool, [&pool, depth] { return sum_to(depth - 1, pool); });
    auto right = parmap::submit_on(pool, [&pool, depth] { return sum_to(depth - 1, pool); });
    return left.get() + right.get();
}

} // namespace

TEST_CASE("a submitted callable's result comes out of its future", "[async][submit]") {
    CHECK(parmap::submit([] { return 42; }).get() == 42);
    CHECK(parmap::submit(std::plus<>(), 40, 2).get() == 42);
    parmap::submit([] {}).get();
    for (const std::size_t threads : pool_sizes)
        CHECK(parmap::submit_on(pool_of(threads), [] { return 7; }).get() == 7);
}

TEST_CASE("arguments are kept by value, and results are", "[async][submit]") {
    std::string word = "before";
    auto later = parmap::submit([](const std::string& kept) { return kept; }, word);
    word = "after";
    CHECK(later.get() == "before");

    auto moved = parmap::submit([](std::unique_ptr<int> p) { return p; }, std::make_unique<int>(3));
    CHECK(*moved.get() == 3);

    static int global = 5;
    auto decayed = parmap::submit([]() -> int& { return global; });
    STATIC_REQUIRE(std::is_same_v<decltype(decayed.get()), int>);
    CHECK(decayed.get() == 5);
    CHECK(parmap::submit([](int& given) { return ++given; }, std::ref(global)).get() == 6);
}

TEST_CASE("everything that a task holds is destroyed once, before its future is ready",
          "[async][submit]") {
    counts.reset();
    {
        auto task = parmap::submit([kept = counted(1)] { return counted(kept.value() + 1); });
        task.wait();
        CHECK(counts.live() == 1); // the result
        CHECK(task.get().value() == 2);
    }
    CHECK(counts.balanced());
}

TEST_CASE("what a task throws leaves its future", "[async][submit]") {
    auto task = parmap::submit([]() -> int { throw item_error(3); });
    task.wait();
    CHECK(failing_index([&] { task.get(); }) == 3);
    CHECK_FALSE(task.valid());
}

TEST_CASE("a task that takes a stop token is given its own", "[async][submit]") {
    gate began;
    auto task = parmap::submit(
        [&began](const std::stop_token& stop, int given) {
            began.pass();
            while (!stop.stop_requested())
                std::this_thread::yield();
            return given;
        },
        9);
    began.open();
    task.request_stop();
    try {
        const int given = task.get();
        CHECK(given == 9);
    } catch (const parmap::operation_cancelled&) {
        SUCCEED("it had not begun");
    }
}

TEST_CASE("tasks wait for tasks, deeper than there are threads", "[async][submit]") {
    const watchdog dog("nested submits");
    for (const std::size_t threads : pool_sizes) {
        for (int round = 0; round != 30; ++round)
            REQUIRE(sum_to(6, pool_of(threads)) == 64);
    }
}

TEST_CASE("tasks and maps wait for each other", "[async][submit]") {
    const watchdog dog("tasks and maps");
    for (const std::size_t threads : pool_sizes) {
        parmap::pool& pool = pool_of(threads);
        const auto sums = parmap::parallel_map(
            parmap::indices(20),
            [&pool](std::size_t i) {
                auto inner = parmap::submit_on(pool, [&pool, i] {
                    const auto squares = parmap::parallel_map(
                        parmap::indices(i), [](std::size_t k) { return k * k; }, {.pool = &pool});
                    return squares.size();
                });
                return inner.get();
            },
            {.pool = &pool, .schedule = parmap::schedule::balanced});
        for (std::size_t i = 0; i != 20; ++i)
            CHECK(sums[i] == i);
    }
}

TEST_CASE("a limit of one thread leaves the work to who waits", "[async][submit]") {
    const watchdog dog("global_control of one");
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
    parmap::pool pool(4);
    const auto here = std::this_thread::get_id();
    CHECK(parmap::submit_on(pool, [] { return std::this_thread::get_id(); }).get() == here);
    CHECK(parmap::submit_on(pool, [] { return 1; }).then([](int x) { return x + 1; }).get() == 2);
}

TEST_CASE("shutting a pool down runs what was submitted, and refuses the rest", "[async][submit]") {
    const watchdog dog("shutdown");
    for (const std::size_t threads : pool_sizes) {
        std::vector<parmap::future<std::size_t>> tasks;
        parmap::pool pool(threads);
        for (std::size_t i = 0; i != 100; ++i)
            tasks.push_back(parmap::submit_on(pool, [i] { return i; }).then([](std::size_t x) {
                return 2 * x;
            }));
        pool.shutdown();
        for (std::size_t i = 0; i != 100; ++i)
            CHECK(tasks[i].get() == 2 * i);
        CHECK_THROWS_AS(parmap::submit_on(pool, [] {}), std::logic_error);
    }
}

TEST_CASE("detached tasks go on by themselves, and a pool's end waits for them",
          "[async][submit]") {
    const watchdog dog("detached");
    std::atomic<int> ran = 0;
    {
        parmap::pool pool(2);
        for (int i = 0; i != 100; ++i)
            parmap::submit_on(pool, [&ran] { ++ran; }).detach();
    }
    CHECK(ran == 100);
}

TEST_CASE("many tasks from many threads", "[async][submit]") {
    const watchdog dog("many threads");
    std::atomic<int> sum = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t) {
        threads.emplace_back([&sum] {
            std::vector<parmap::future<int>> tasks;
            for (int i = 0; i != 300; ++i)
                tasks.push_back(parmap::submit([i] { return i; }));
            for (auto& task : tasks)
                sum += task.get();
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    CHECK(sum == 4 * 300 * 299 / 2);
}
