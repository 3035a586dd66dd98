// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <parmap/runtime/detail/attendance.hpp>
#include <parmap/runtime/detail/brief_mutex.hpp>
#include <parmap/runtime/detail/placement.hpp>
#include <thread>
#include <vector>

// What a team is made of.

using namespace parmap_test;
using parmap::detail::attendance;
using parmap::detail::brief_mutex;

TEST_CASE("who has entered leaves, and nobody enters what is closed", "[runtime][attendance]") {
    attendance present;
    CHECK(present.empty());
    CHECK_FALSE(present.closed());
    CHECK(present.enter_if_open());
    present.enter();
    CHECK_FALSE(present.empty());
    CHECK(present.leave_if_open());
    present.close();
    CHECK(present.closed());
    CHECK_FALSE(present.enter_if_open());
    CHECK_FALSE(present.leave_if_open());
    CHECK_FALSE(present.empty());
    present.enter(); // from inside
    present.leave();
    present.leave();
    CHECK(present.empty());
    CHECK(present.closed());
}

TEST_CASE("whoever waits for all to leave sees what they did", "[runtime][attendance]") {
    const watchdog guard("attendance");
    for (int round = 0; round < 50; ++round) {
        attendance present;
        brief_mutex mutex;
        std::condition_variable left;
        std::vector<int> done(4, 0); // unguarded: a race, if leaving were not seen in order
        std::atomic<int> entered = 0;
        std::vector<std::thread> threads;
        for (int& mine : done) {
            threads.emplace_back([&] {
                while (present.enter_if_open()) {
                    ++mine;
                    ++entered;
                    if (present.leave_if_open())
                        continue;
                    const std::lock_guard lock(mutex);
                    present.leave();
                    left.notify_all();
                }
            });
        }
        while (entered < 100)
            std::this_thread::yield();
        int seen = 0;
        {
            std::unique_lock lock(mutex);
            present.close();
            brief_mutex::wait(left, lock, [&] { return present.empty(); });
            for (const int n : done)
                seen += n;
        }
        CHECK(seen == entered);
        for (std::thread& thread : threads)
            thread.join();
        CHECK(seen == entered);
    }
}

TEST_CASE("one thread at a time holds a brief mutex", "[runtime][brief_mutex]") {
    const watchdog guard("brief_mutex");
    brief_mutex mutex;
    int count = 0; // unguarded otherwise
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 20'000; ++i) {
                const std::lock_guard lock(mutex);
                ++count;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    CHECK(count == 80'000);
    CHECK(mutex.try_lock());
    mutex.unlock();
}

#ifdef __linux__
TEST_CASE("leaving a CPU leaves the affinity as it was", "[runtime][placement]") {
    using parmap::detail::current_cpu;
    using parmap::detail::move_away_from;
    std::thread([] {
        cpu_set_t before;
        REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
        for (int cpu = -1; cpu < 8; ++cpu)
            move_away_from(cpu);
        for (int often = 0; often < 100; ++often)
            move_away_from(current_cpu());
        cpu_set_t after;
        REQUIRE(sched_getaffinity(0, sizeof after, &after) == 0);
        CHECK(CPU_EQUAL(&before, &after));

        // Who may run on one CPU only stays there.
        const int here = current_cpu();
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<unsigned>(here), &one);
        REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
        move_away_from(here);
        REQUIRE(sched_getaffinity(0, sizeof after, &after) == 0);
        CHECK(CPU_EQUAL(&one, &after));
        CHECK(current_cpu() == here);
    }).join();
}
#endif
