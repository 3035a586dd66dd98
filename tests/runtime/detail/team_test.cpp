// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <parmap/runtime/detail/attendance.hpp>
#include <parmap/runtime/detail/brief_mutex.hpp>
#include <parmap/runtime/detail/placement.hpp>
#include <parmap/runtime/detail/seat.hpp>
#include <parmap/runtime/detail/shared_call.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/detail/visits.hpp>
#include <thread>
#include <vector>

// What a team is made of.

using namespace parmap_test;
using parmap::detail::attendance;
using parmap::detail::brief_mutex;
using parmap::detail::seat;
using parmap::detail::shared_call;
using parmap::detail::team;

namespace {

// A call that notes who is inside.
class probe final : public shared_call {
public:
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    std::atomic<int> visits = 0;
    std::atomic<bool> stay = false; // workers stay inside
    std::atomic<bool> more = false; // something has been added

private:
    void work() noexcept override {
        const int here = ++inside;
        for (int seen = most; seen < here && !most.compare_exchange_weak(seen, here);) {
        }
        ++visits;
        while (stay)
            std::this_thread::yield();
        --inside;
    }

    bool work_added() noexcept override { return more; }
};

} // namespace

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

TEST_CASE("a seat holds one offer, which is accepted or taken back", "[runtime][seat]") {
    seat place;
    probe call;
    probe other;
    CHECK_FALSE(place.free());
    place.sit();
    CHECK(place.free());
    CHECK(place.accept() == nullptr);
    place.offer(call);
    CHECK_FALSE(place.free());
    CHECK_FALSE(place.retract(other));
    CHECK(place.retract(call));
    CHECK(place.free());
    place.offer(call);
    CHECK(place.accept() == &call);
    CHECK_FALSE(place.retract(call));
    CHECK_FALSE(place.free());
    place.sit();
    place.offer(call);
    CHECK(place.rise() == &call);
    place.sit();
    CHECK(place.rise() == nullptr);
    CHECK_FALSE(place.free());
}

TEST_CASE("nobody works on a call that has been closed", "[runtime][team]") {
    const watchdog guard("closed_calls");
    const auto shared = std::make_shared<team>(3);
    std::atomic<int> visits = 0;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> callers;
    for (int c = 0; c < 3; ++c) {
        callers.emplace_back([&, c] {
            for (int round = 0; round < 3'000; ++round) {
                const team::presence here(*shared);
                const auto helpers = static_cast<std::size_t>(1 + (round + c) % 3);
                probe call;
                shared->open(call, helpers);
                for (int i = 0; i < 50 * (round % 7); ++i)
                    parmap::detail::pause();
                if (round % 100 == c)
                    std::this_thread::sleep_for(std::chrono::microseconds(300)); // workers sleep
                if (!shared->close(call) || call.inside != 0 ||
                    call.most > static_cast<int>(helpers))
                    ++wrong;
                visits += call.visits;
            }
        });
    }
    for (std::thread& caller : callers)
        caller.join();
    CHECK(wrong == 0);
    CHECK(visits > 0);
    shared->shut_down();
}

TEST_CASE("a caller goes back to a call to which something has been added", "[runtime][team]") {
    const watchdog guard("added");
    const auto shared = std::make_shared<team>(1);
    const team::presence here(*shared);
    probe call;
    call.stay = true;
    shared->open(call, 1);
    while (call.inside == 0)
        std::this_thread::yield();
    call.more = true; // after the caller's last look
    CHECK_FALSE(shared->close(call));
    call.more = false;
    shared->open(call, 1);
    call.stay = false;
    CHECK(shared->close(call));
    CHECK(call.inside == 0);
}

TEST_CASE("oneTBB is reminded of visits that have not begun for long, once in a while",
          "[runtime][visits]") {
    const watchdog guard("overdue");
    parmap::detail::visits visits(1);
    CHECK_FALSE(visits.overdue());
    REQUIRE(visits.add(3) == 1); // as many as there are workers
    CHECK_FALSE(visits.overdue());
    while (!visits.overdue())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK_FALSE(visits.overdue());
    visits.remind();
    visits.begin(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    CHECK_FALSE(visits.overdue());
    CHECK_FALSE(visits.none());
    visits.end(1);
    CHECK(visits.none());
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
    parmap::detail::known_workers workers;
    std::thread([&workers] {
        workers.add_this_thread();
        cpu_set_t before;
        REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
        for (int cpu = -1; cpu < 8; ++cpu)
            workers.move_away_from(cpu);
        for (int often = 0; often < 100; ++often)
            workers.move_away_from(current_cpu());
        cpu_set_t after;
        REQUIRE(sched_getaffinity(0, sizeof after, &after) == 0);
        CHECK(CPU_EQUAL(&before, &after));

        // Who may run on one CPU only stays there.
        const int here = current_cpu();
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<unsigned>(here), &one);
        REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
        workers.move_away_from(here);
        REQUIRE(sched_getaffinity(0, sizeof after, &after) == 0);
        CHECK(CPU_EQUAL(&one, &after));
        CHECK(current_cpu() == here);
    }).join();
}

TEST_CASE("workers are woken off a CPU only while they are woken", "[runtime][placement]") {
    using parmap::detail::known_workers;
    const watchdog guard("woken off");
    known_workers workers;
    int woken = 0;
    CHECK_FALSE(workers.wake_off(0, 1, [&] { ++woken; }));
    CHECK(woken == 0);
    for (std::size_t known = 1; known <= 5; ++known) {
        std::atomic<std::size_t> ready = 0;
        std::atomic<bool> over = false;
        std::vector<std::thread> threads;
        for (std::size_t t = 0; t != known; ++t) {
            threads.emplace_back([&] {
                cpu_set_t before;
                sched_getaffinity(0, sizeof before, &before);
                workers.add_this_thread();
                workers.add_this_thread();
                ++ready;
                while (!over)
                    workers.move_away_from(parmap::detail::current_cpu());
                cpu_set_t after;
                sched_getaffinity(0, sizeof after, &after);
                if (!CPU_EQUAL(&before, &after))
                    ++ready;
            });
        }
        while (ready != known)
            std::this_thread::yield();
        woken = 0;
        for (int round = 0; round < 20; ++round) {
            for (int cpu = -1; cpu < 4; ++cpu)
                CHECK(workers.wake_off(cpu, known, [&] { ++woken; }) == (known <= 4));
        }
        CHECK(woken == (known <= 4 ? 100 : 0));
        CHECK_FALSE(workers.wake_off(0, known + 1, [] {}));
        over = true;
        for (std::thread& thread : threads)
            thread.join();
        CHECK(ready == known);
        CHECK_FALSE(workers.wake_off(0, 1, [] {}));
    }
}
#endif
