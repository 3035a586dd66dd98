// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/pools.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <parmap/parmap.hpp>
#include <stdexcept>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

// A coroutine that begins at once and whose end can be waited for.
struct started {
    struct promise_type {
        started get_return_object() noexcept { return {}; }
        std::suspend_never initial_suspend() noexcept { return {}; }
        std::suspend_never final_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { std::terminate(); }
    };
};

/// A reference to a task's state besides the future's.
template <class T>
auto another_hold_on(const parmap::future<T>& task) {
    using parmap::detail::async_state;
    return parmap::detail::state_ptr<async_state>(&parmap::detail::future_access::state_of(task));
}

template <class T>
std::vector<parmap::future<T>> both(parmap::future<T> first, parmap::future<T> second) {
    std::vector<parmap::future<T>> all;
    all.push_back(std::move(first));
    all.push_back(std::move(second));
    return all;
}

struct counted_error {
    counted_error() : one(std::make_shared<counted>(1)) {}
    std::shared_ptr<counted> one; // an exception has to be copyable
};

started add(parmap::pool& pool, gate& suspended, gate& done, int& sum, bool& on_pool) {
    const auto caller = std::this_thread::get_id();
    sum = co_await parmap::submit_on(pool, [&suspended] {
        suspended.pass();
        return 40;
    });
    on_pool = std::this_thread::get_id() != caller;
    try {
        co_await parmap::submit_on(pool, [] { throw item_error(2); });
    } catch (const item_error& error) {
        sum += static_cast<int>(error.index);
    }
    done.pass();
}

} // namespace

TEST_CASE("a future is moved, not copied, and gives its value once", "[async][future]") {
    STATIC_REQUIRE_FALSE(std::copy_constructible<parmap::future<int>>);
    STATIC_REQUIRE(std::is_nothrow_move_constructible_v<parmap::future<int>>);
    auto first = parmap::submit([] { return 1; });
    auto second = std::move(first);
    CHECK_FALSE(first.valid());
    CHECK(second.valid());
    CHECK(second.get() == 1);
    CHECK_FALSE(second.valid());
    CHECK_THROWS_AS(second.get(), std::logic_error);
    CHECK_THROWS_AS(second.wait(), std::logic_error);
    CHECK_THROWS_AS(std::move(second).then([](int) {}), std::logic_error);
    CHECK_THROWS_AS(parmap::future<int>().get(), std::logic_error);
    CHECK_THROWS_AS(parmap::future<int>().progress(), std::logic_error);
}

TEST_CASE("waiting with a limit runs nothing, and tells if the work has ended", "[async][future]") {
    const watchdog dog("wait_for");
    gate inside;
    auto task = parmap::submit([&inside] { inside.pass(); });
    REQUIRE(inside.wait_for_arrivals(1));
    CHECK_FALSE(task.is_ready());
    CHECK_FALSE(task.wait_for(1ms));
    CHECK_FALSE(task.wait_until(std::chrono::system_clock::now() + 1ms));
    CHECK_FALSE(task.wait_for(std::chrono::hours::min()));
    {
        const std::jthread opens([&inside] {
            std::this_thread::sleep_for(20ms);
            inside.open();
        });
        CHECK(task.wait_for(std::chrono::hours::max()));
    }
    CHECK(task.wait_for(0s));
    CHECK(task.is_ready());
    task.get();
}

TEST_CASE("then goes on with the value, and an error passes it by", "[async][future]") {
    CHECK(parmap::submit([] { return 20; }).then([](int x) { return x + 1; }).get() == 21);
    CHECK(*parmap::submit([] {
               return std::make_unique<int>(1);
           }).then([](std::unique_ptr<int> p) {
                 return p;
             }).get() == 1);
    parmap::submit([] {}).then([] {}).get();

    std::atomic<bool> called = false;
    auto failed = parmap::submit([]() -> int { throw item_error(4); })
                      .then([&called](int x) {
                          called = true;
                          return x;
                      })
                      .then([&called](int) { called = true; });
    CHECK(failing_index([&] { failed.get(); }) == 4);
    CHECK_FALSE(called);
}

TEST_CASE("every link of a chain may throw", "[async][future]") {
    for (std::size_t bad = 0; bad != 8; ++bad) {
        auto chain = parmap::submit([] { return std::size_t{0}; });
        for (std::size_t i = 0; i != 8; ++i) {
            chain = std::move(chain).then([i, bad](std::size_t x) {
                if (i == bad)
                    throw item_error(i);
                return x + 1;
            });
        }
        CHECK(failing_index([&] { chain.get(); }) == bad);
    }
}

TEST_CASE("long chains are waited for and dropped without deep recursion", "[async][future]") {
    const watchdog dog("long chains");
    constexpr int links = 100'000;
    const auto grow = [](parmap::future<int> chain) {
        for (int i = 0; i != links; ++i)
            chain = std::move(chain).then([](int x) { return x + 1; });
        return chain;
    };
    CHECK(grow(parmap::submit([] { return 0; })).get() == links);
    gate inside;
    {
        auto dropped = grow(parmap::submit([&inside] {
            inside.pass();
            return 0;
        }));
        inside.open();
    }
    for (const std::size_t threads : pool_sizes)
        CHECK(grow(parmap::submit_on(pool_of(threads), [] { return 0; })).get() == links);
}

TEST_CASE("a dropped future joins: work not begun never runs, begun work is waited for",
          "[async][future]") {
    const watchdog dog("dropped");
    parmap::pool pool(1);
    gate inside;
    std::atomic<bool> ended = false;
    std::atomic<int> late = 0;
    auto busy = parmap::submit_on(pool, [&] {
        inside.pass();
        ended = true;
    });
    REQUIRE(inside.wait_for_arrivals(1)); // the pool's only worker is inside
    {
        auto waiting = parmap::submit_on(pool, [&late] { ++late; }).then([&late] { ++late; });
    }
    auto asked = parmap::submit_on(pool, [&late] { ++late; });
    asked.request_stop();
    CHECK_THROWS_AS(asked.get(), parmap::operation_cancelled);
    std::thread opens([&inside] {
        std::this_thread::sleep_for(10ms);
        inside.open();
    });
    busy = {};
    CHECK(ended);
    opens.join();
    CHECK(late == 0);
}

TEST_CASE("a stop request at the tail reaches the whole chain", "[async][future]") {
    const watchdog dog("stopped chain");
    gate began;
    std::atomic<bool> called = false;
    auto tail = parmap::submit([&began](const std::stop_token& stop) {
                    began.pass();
                    while (!stop.stop_requested())
                        std::this_thread::yield();
                    return 1;
                }).then([&called](int) { called = true; });
    began.open();
    REQUIRE(began.wait_for_arrivals(1));
    tail.request_stop();
    CHECK_THROWS_AS(tail.get(), parmap::operation_cancelled);
    CHECK_FALSE(called);
}

TEST_CASE("waiting from inside one's own work is refused, dropping it there does not hang",
          "[async][future]") {
    const watchdog dog("own work");
    gate known;
    parmap::future<void> own;
    std::atomic<bool> refused = false;
    own = parmap::submit([&] {
        known.pass();
        try {
            own.wait();
        } catch (const std::logic_error&) {
            refused = true;
        }
    });
    known.open();
    while (!own.is_ready())
        std::this_thread::yield();
    own.get();
    CHECK(refused);
}

TEST_CASE("a chain that ends inside its own work does not wait for itself", "[async][future]") {
    const watchdog dog("chain inside itself");
    struct owner {
        parmap::future<void> tail;
    };
    for (const std::size_t threads : pool_sizes) {
        parmap::pool& pool = pool_of(threads);
        gate known;
        std::atomic<int> refused = 0;
        auto shared = std::make_shared<owner>();
        std::weak_ptr<owner> seen = shared;
        shared->tail = parmap::submit_on(pool, [&known, &refused, shared] {
                           known.pass();
                           try {
                               shared->tail.wait();
                           } catch (const std::logic_error&) {
                               ++refused;
                           }
                       }).then([] {});
        REQUIRE(known.wait_for_arrivals(1));
        shared.reset(); // the work is the last to have it, and drops it as it ends
        known.open();
        while (!seen.expired())
            std::this_thread::yield();
        CHECK(refused == 1);
    }
}

TEST_CASE("a value that owns its own chain goes with it", "[async][future]") {
    const watchdog dog("value owns chain");
    struct holder {
        std::shared_ptr<parmap::future<void>> chain;
    };
    for (int round = 0; round != 100; ++round) {
        auto chain = std::make_shared<parmap::future<void>>();
        *chain = parmap::submit([chain] { return holder{chain}; }).then([](const holder&) {});
        if (round % 2 == 0)
            chain->request_stop();
        CHECK(chain->wait_for(20s));
        chain->detach();
    }
}

TEST_CASE("what a future holds ends with it, whoever else still has its state", "[async][future]") {
    const watchdog dog("held states");
    counts.reset();
    const auto make = [] { return counted(1); };
    const auto ended = [&make](auto finish) {
        auto task = parmap::submit_on(pool_of(2), make);
        task.wait();
        const auto other = another_hold_on(task); // as the runner has for a moment
        finish(std::move(task));
        return counts.balanced();
    };
    CHECK(ended([](auto task) { task = {}; }));
    CHECK(ended([](auto task) { task.get(); }));
    CHECK(ended([](auto task) {
        auto next = std::move(task).then([](const counted&) {});
        next.request_stop();
        next.wait();
    }));

    auto failed = parmap::submit_on(pool_of(2), []() -> int { throw counted_error(); });
    failed.wait();
    const auto other = another_hold_on(failed);
    failed = {};
    CHECK(counts.balanced());

    auto halves = parmap::when_all(
        both(parmap::submit_on(pool_of(2), make),
             parmap::submit_on(pool_of(2), []() -> counted { throw item_error(1); })));
    CHECK(failing_index([&] { halves.get(); }) == 1);
    CHECK(counts.balanced());
}

TEST_CASE("a continuation that is refused drops the value that it would have had",
          "[async][future]") {
    counts.reset();
    parmap::pool pool(1);
    auto task = parmap::submit_on(pool, [] { return counted(1); });
    task.wait();
    pool.shutdown();
    const auto other = another_hold_on(task);
    auto next = std::move(task).then([](const counted&) {});
    CHECK(counts.balanced());
    CHECK_THROWS_AS(next.get(), std::logic_error);
}

TEST_CASE("futures that when_any has given end while it is still there", "[async][future]") {
    const watchdog dog("given by when_any");
    counts.reset();
    const auto make = [] { return counted(1); };
    auto any = parmap::when_any(
        both(parmap::submit_on(pool_of(2), make), parmap::submit_on(pool_of(2), make)));
    auto given = any.get();
    for (auto& task : given.futures)
        task.wait();
    given.futures.clear();
    CHECK(counts.balanced());
}

TEST_CASE("a dropped future joins what its value is about to do", "[async][future]") {
    const watchdog dog("future of a future");
    for (int round = 0; round != 100; ++round) {
        std::atomic<bool> running = false;
        {
            auto outer = parmap::submit_on(pool_of(2), [&running] {
                return parmap::submit_on(pool_of(2), [&running](const std::stop_token& stop) {
                    running = true;
                    while (!stop.stop_requested())
                        std::this_thread::yield();
                    running = false;
                });
            });
            while (!outer.is_ready()) // at once, so that who has run it may still be about to go
                std::this_thread::yield();
        }
        REQUIRE_FALSE(running);
    }
}

TEST_CASE("progress and timing are readable after the value is got", "[async][future]") {
    auto task = parmap::submit([] { std::this_thread::sleep_for(2ms); });
    task.get();
    CHECK(task.progress().done == 1);
    CHECK(task.progress().total == 1);
    CHECK(task.timing().wall >= 2ms);
    CHECK(task.timing().serial >= 2ms);
    CHECK(task.timing().speedup() == 1.0);
}

TEST_CASE("a coroutine that waits for a future goes on on its pool", "[async][future]") {
    const watchdog dog("coroutine");
    gate suspended;
    gate done;
    int sum = 0;
    bool on_pool = false;
    parmap::pool pool(2); // last: it goes first, once the coroutine has ended
    add(pool, suspended, done, sum, on_pool);
    suspended.open();
    REQUIRE(done.wait_for_arrivals(1));
    CHECK(sum == 42);
    CHECK(on_pool);
    done.open();
}
