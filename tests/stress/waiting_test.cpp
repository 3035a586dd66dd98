// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/pools.hpp"
#include "support/watchdog.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <parmap/parmap.hpp>
#include <thread>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

constexpr std::array<std::size_t, 3> sizes{1, 2, 8};

// How a task of the tree below waits for its two.
enum class way { one_by_one, last_first, all, any, as_completed, then, mapped };
constexpr std::array<way, 7> ways{way::one_by_one,   way::last_first, way::all,   way::any,
                                  way::as_completed, way::then,       way::mapped};

using counts_of_leaves = std::vector<parmap::future<std::size_t>>;

std::size_t sum_in_order_of_completion(counts_of_leaves futures) {
    std::size_t sum = 0;
    for (auto ready : parmap::as_completed(std::move(futures)))
        sum += ready.get();
    return sum;
}

std::size_t sum_of_any_and_the_rest(counts_of_leaves futures) {
    auto first = parmap::when_any(std::move(futures)).get();
    const std::size_t sum = first.futures[first.index].get();
    return sum + first.futures[1 - first.index].get();
}

std::size_t sum_by(way how, counts_of_leaves two) {
    switch (how) {
    case way::last_first: {
        const std::size_t last = two[1].get();
        return two[0].get() + last;
    }
    case way::all: {
        const auto both = parmap::when_all(std::move(two)).get();
        return both[0] + both[1];
    }
    case way::any:
        return sum_of_any_and_the_rest(std::move(two));
    case way::as_completed:
        return sum_in_order_of_completion(std::move(two));
    case way::then:
        return parmap::when_all(std::move(two))
            .then([](const std::vector<std::size_t>& both) { return both[0] + both[1]; })
            .get();
    default:
        return two[0].get() + two[1].get();
    }
}

// A binary tree of tasks, each of which waits for its two; the ways and the pools change on the way
// down.
std::size_t leaves(std::size_t depth, std::size_t turn, std::size_t threads) {
    if (depth == 0)
        return 1;
    parmap::pool& pool = pool_of(threads);
    const auto below = [=](std::size_t) { return leaves(depth - 1, turn + 1, threads); };
    const way how = ways[turn % ways.size()];
    if (how == way::mapped) {
        const auto both = parmap::map_async(parmap::indices(2), below, {.pool = &pool}).get();
        return both[0] + both[1];
    }
    counts_of_leaves two;
    for (std::size_t i = 0; i < 2; ++i)
        two.push_back(parmap::submit_on(pool, below, i));
    return sum_by(how, std::move(two));
}

// Trees as above in which one task of each three hundred or so fails, drops what it waits for, or
// stops it.
class unruly {
public:
    unruly(std::size_t threads, std::size_t round) : pool_(pool_of(threads)), round_(round) {}

    std::size_t grow(std::size_t depth, std::size_t number) {
        const inside here(running_);
        const std::size_t chance = (number * 7 + round_ * 13) % 300;
        if (chance == 0)
            throw item_error(number);
        if (depth == 0)
            return 1;
        counts_of_leaves two;
        for (std::size_t i = 0; i < 2; ++i)
            two.push_back(parmap::submit_on(
                pool_, [this, depth](std::size_t n) { return grow(depth - 1, n); },
                2 * number + i));
        if (chance == 1)
            return 0; // and drops them
        if (chance == 2)
            two[number % 2].request_stop();
        return sum_by(ways[(depth + round_) % (ways.size() - 1)], std::move(two));
    }

    [[nodiscard]] int running() const { return running_; }

private:
    class inside {
    public:
        explicit inside(std::atomic<int>& running) : running_(running) { ++running_; }
        ~inside() { --running_; }
        inside(const inside&) = delete;
        inside& operator=(const inside&) = delete;

    private:
        std::atomic<int>& running_;
    };

    parmap::pool& pool_;
    const std::size_t round_;
    std::atomic<int> running_ = 0;
};

} // namespace

TEST_CASE("tasks wait for tasks six deep, in every way, on pools of 1, 2 and 8",
          "[stress][waiting]") {
    const watchdog guard("waits six deep");
    for (const std::size_t threads : sizes) {
        std::size_t wrong = 0;
        repeat_for_a_while(
            500, [&](std::size_t round) { wrong += leaves(6, round, threads) != 64 ? 1 : 0; });
        CHECK(wrong == 0);
    }
}

TEST_CASE("trees six deep of which tasks fail, are dropped or stopped leave nothing behind",
          "[stress][waiting]") {
    const watchdog guard("unruly trees");
    for (const std::size_t threads : sizes) {
        std::size_t wrong = 0;
        const std::size_t rounds = repeat_for_a_while(500, [&](std::size_t round) {
            unruly tree(threads, round);
            auto root = parmap::submit_on(pool_of(threads), [&tree] { return tree.grow(6, 1); });
            try {
                if (round % 5 == 0) {
                    spin(round % 97 * 100);
                    root = {};
                } else {
                    wrong += root.get() > 64 ? 1 : 0;
                }
            } catch (const item_error&) {
            } catch (const parmap::operation_cancelled&) {
            }
            wrong += tree.running() != 0 ? 1 : 0;
        });
        INFO(rounds << " rounds");
        CHECK(rounds > 20);
        CHECK(wrong == 0);
    }
}

TEST_CASE("several threads wait, each for a tree of its own", "[stress][waiting]") {
    const watchdog guard("several trees");
    for (const std::size_t threads : sizes) {
        std::atomic<std::size_t> wrong = 0;
        on_threads(4, [&](std::size_t who) {
            for (std::size_t round = 0; round < 14; ++round)
                wrong += leaves(4, who + round, threads) != 16 ? 1 : 0;
        });
        CHECK(wrong == 0);
    }
}

TEST_CASE("a lock held while waiting is never met by a stranger", "[stress][waiting]") {
    const watchdog guard("lock around get");
    for (const std::size_t threads : sizes) {
        parmap::pool& pool = pool_of(threads);
        std::mutex mutex;
        std::atomic<bool> held_by_this = false;
        static thread_local bool inside = false;
        std::vector<parmap::future<void>> tasks;
        for (int i = 0; i < 60; ++i) {
            tasks.push_back(parmap::submit_on(pool, [&] {
                if (std::exchange(inside, true)) {
                    held_by_this = true; // and no lock: it would be this thread's own
                    return;
                }
                {
                    const std::lock_guard lock(mutex);
                    parmap::submit_on(pool, [] { spin(200); }).then([] { spin(200); }).get();
                }
                inside = false;
            }));
        }
        parmap::when_all(std::move(tasks)).get();
        CHECK_FALSE(held_by_this);
    }
}

TEST_CASE("futures are dropped, stopped and fail at any moment", "[stress][waiting]") {
    const watchdog guard("dropped, stopped, failed");
    for (const std::size_t threads : sizes) {
        parmap::pool pool(threads);
        std::atomic<int> running = 0;
        std::atomic<int> unexpected = 0;
        const auto work = [&](std::size_t i) {
            ++running;
            spin(i % 7 * 100);
            --running;
            if (i % 5 == 4)
                throw item_error(i);
            return i;
        };
        repeat_for_a_while(2000, [&](std::size_t i) {
            auto chain = parmap::submit_on(pool, work, i).then(work).then(work);
            spin(i % 11 * 50);
            if (i % 3 == 0)
                return;
            if (i % 3 == 1)
                chain.request_stop();
            try {
                unexpected += chain.get() != i || i % 5 == 4 ? 1 : 0;
            } catch (const item_error& error) {
                unexpected += error.index != i || i % 5 != 4 ? 1 : 0;
            } catch (const parmap::operation_cancelled&) {
                unexpected += i % 3 != 1 ? 1 : 0;
            }
        });
        CHECK(running == 0); // what was dropped has been joined
        CHECK(unexpected == 0);
    }
}

TEST_CASE("pools end with tasks queued, running and continued", "[stress][waiting]") {
    const watchdog guard("pools end");
    for (const std::size_t threads : sizes) {
        repeat_for_a_while(300, [&](std::size_t round) {
            std::atomic<std::size_t> ran = 0;
            std::vector<parmap::future<void>> futures;
            {
                parmap::pool pool(threads);
                for (std::size_t i = 0; i < 10; ++i)
                    futures.push_back(parmap::submit_on(pool, [&] { ++ran; }));
                for (std::size_t i = 0; i < round % 10; ++i)
                    parmap::submit_on(pool, [&] { ++ran; }).detach();
            }
            REQUIRE(ran == 10 + round % 10);
            for (auto& one : futures)
                one.get(); // readable though the pool is gone
        });
    }
}
