// SPDX-License-Identifier: Apache-2.0
// Futures nested as deep as a stack is not, and pools whose workers do not come.
#include "support/catch.hpp"
#include "support/gate.hpp"
#include "support/pools.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <parmap/async/submit.hpp>
#include <parmap/async/when.hpp>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

constexpr int levels = 100'000;

parmap::future<int> held(parmap::pool& pool, gate& inside) {
    auto task = parmap::submit_on(pool, [&inside] {
        inside.pass();
        return 0;
    });
    REQUIRE(inside.wait_for_arrivals(1));
    return task;
}

template <class... Futures>
auto several(Futures... futures) {
    std::vector<parmap::future<int>> all;
    (all.push_back(std::move(futures)), ...);
    return all;
}

parmap::future<int> first_of(std::vector<parmap::future<int>> futures) {
    return parmap::when_any(std::move(futures)).then([](parmap::when_any_result<int> any) {
        return any.futures[any.index].get() + 1;
    });
}

// Opened by another thread as soon as this one waits, or nearly so.
class opened_soon {
public:
    explicit opened_soon(gate& shut)
        : thread_([&shut] {
              std::this_thread::sleep_for(std::chrono::milliseconds(20));
              shut.open();
          }) {}

private:
    std::jthread thread_;
};

// The only worker of a pool ends the first part of a chain and then takes what holds it: the second
// part, queued by then, is left to whoever waits.
template <class Wait>
void wait_without_worker(Wait wait) {
    parmap::pool pool(1);
    gate first;
    gate holds_worker;
    std::vector<parmap::future<int>> chain =
        several(held(pool, first).then([](int x) { return x + 1; }));
    auto holding = parmap::submit_on(pool, [&holds_worker] { holds_worker.pass(); });
    {
        const opened_soon opens(first);
        CHECK(wait(std::move(chain)) == 1);
    }
    holds_worker.open();
    holding.get();
}

} // namespace

TEST_CASE("when_any of when_any, as deep as a stack is not", "[async][when]") {
    const watchdog dog("deep when_any");
    for (const bool dropped : {false, true}) {
        gate inside;
        auto tower = held(pool_of(2), inside);
        for (int i = 0; i != levels; ++i)
            tower = first_of(several(std::move(tower)));
        if (dropped)
            tower.request_stop();
        const opened_soon opens(inside);
        if (dropped) {
            CHECK_THROWS_AS(tower.get(), parmap::operation_cancelled);
        } else {
            CHECK(tower.get() == levels);
        }
    }
}

TEST_CASE("when_any that has its first and is stopped waits for the others", "[async][when]") {
    const watchdog dog("stopped when_any");
    for (const std::size_t threads : pool_sizes) {
        for (int round = 0; round != 50; ++round) {
            gate inside;
            std::atomic<int> running = 0;
            const auto endless = [&running](const std::stop_token& stop) {
                ++running;
                while (!stop.stop_requested())
                    std::this_thread::yield();
                --running;
                return 1;
            };
            auto tower = parmap::submit_on(pool_of(threads), endless);
            for (int i = 0; i != 10; ++i)
                tower = first_of(several(parmap::submit_on(pool_of(threads), [] { return 0; }),
                                         std::move(tower)));
            if (round % 2 == 0)
                tower.request_stop();
            tower = {};
            CHECK(running == 0);
        }
    }
}

TEST_CASE("what goes on on a pool that has been shut down fails, however much that is",
          "[async][when]") {
    const watchdog dog("deep failures");
    gate inside;
    parmap::pool other(1);
    parmap::pool pool(2);
    auto chain = parmap::when_all(parmap::submit_on(pool, [] { return 1; }), held(other, inside))
                     .then([](const auto&) { return 0; });
    for (int i = 0; i != levels; ++i)
        chain = std::move(chain).then([](int x) { return x + 1; });
    pool.shutdown();
    inside.open();
    CHECK_THROWS_AS(chain.get(), std::logic_error);
}

TEST_CASE("when_any on a pool that has been shut down lets go of its futures once they have ended",
          "[async][when]") {
    const watchdog dog("when_any shut down");
    gate first;
    gate second;
    parmap::pool others(2);
    parmap::pool pool(1);
    auto blocked = parmap::when_all(parmap::submit_on(pool, [] { return 1; }), held(others, first))
                       .then([](const auto&) { return 0; });
    auto any = first_of(several(std::move(blocked), held(others, second)));
    pool.shutdown();
    second.open();
    const opened_soon opens(first);
    CHECK_THROWS_AS(any.get(), std::logic_error);
}

TEST_CASE("who waits for any runs what becomes ready to run, though no worker comes",
          "[async][when]") {
    const watchdog dog("any without worker");
    wait_without_worker([](std::vector<parmap::future<int>> chain) {
        auto any = parmap::when_any(std::move(chain)).get();
        return any.futures[any.index].get();
    });
}

TEST_CASE(
    "who waits for all runs every part that nobody has begun, though the lowest runs elsewhere",
    "[async][when]") {
    const watchdog dog("all but the lowest");
    gate lowest;
    parmap::pool pool(1);
    const auto here = std::this_thread::get_id();
    int elsewhere = 0;
    std::vector<parmap::future<int>> parts = several(held(pool, lowest));
    for (int i = 1; i != levels; ++i) {
        parts.push_back(parmap::submit_on(pool, [&, i] {
            elsewhere += std::this_thread::get_id() != here ? 1 : 0;
            if (i == levels - 1)
                lowest.open();
            return i;
        }));
    }
    CHECK(parmap::when_all(std::move(parts)).get().back() == levels - 1);
    CHECK(elsewhere == 0);
}

TEST_CASE(
    "who waits for all runs what becomes ready to run above the lowest, though no worker comes",
    "[async][when]") {
    const watchdog dog("all without worker");
    gate lowest;
    parmap::pool other(1);
    auto holds_lowest = held(other, lowest);
    wait_without_worker([&](std::vector<parmap::future<int>> chain) {
        auto opens = std::move(chain.front()).then([&lowest](int x) {
            lowest.open();
            return x;
        });
        return parmap::when_all(several(std::move(holds_lowest), std::move(opens))).get().back();
    });
}

TEST_CASE("as_completed runs what becomes ready to run, though no worker comes", "[async][when]") {
    const watchdog dog("as_completed without worker");
    wait_without_worker([](std::vector<parmap::future<int>> chain) {
        int sum = 0;
        for (auto&& part : parmap::as_completed(std::move(chain)))
            sum += part.get();
        return sum;
    });
}

TEST_CASE(
    "as_completed looks at few parts for each that it gives, though the lowest runs elsewhere",
    "[async][when]") {
    const watchdog dog("as_completed but the lowest");
    constexpr int count = 2 * levels; // whose square takes longer than the watchdog waits
    gate lowest;
    parmap::pool pool(1);
    std::vector<parmap::future<int>> parts = several(held(pool, lowest));
    for (int i = 1; i != count; ++i)
        parts.push_back(parmap::submit_on(pool, [i] { return i; }));
    int given = 0;
    for (auto&& part : parmap::as_completed(std::move(parts))) {
        part.get();
        if (++given == count - 1)
            lowest.open();
    }
    CHECK(given == count);
}
