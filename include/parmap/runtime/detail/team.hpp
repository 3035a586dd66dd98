// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>
#include <parmap/runtime/detail/attendance.hpp>
#include <parmap/runtime/detail/brief_mutex.hpp>
#include <parmap/runtime/detail/membership.hpp>
#include <parmap/runtime/detail/openings.hpp>
#include <parmap/runtime/detail/retired_teams.hpp>
#include <parmap/runtime/detail/seat.hpp>
#include <parmap/runtime/detail/shared_call.hpp>
#include <parmap/runtime/detail/spin.hpp>
#include <parmap/runtime/detail/task.hpp>
#include <parmap/runtime/detail/ticks.hpp>
#include <parmap/runtime/detail/visits.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace parmap::detail {

using clock = std::chrono::steady_clock;

/// The workers of a pool, the calls that they may join, and the tasks that wait for them.
///
/// A caller lists its call, offers it to workers that wait, works on it itself, takes it back and
/// waits for the workers that have joined. It never waits for a worker that has not come: a
/// worker's visit is not bound to a call, finds what is listed when it begins, and goes away if
/// that is nothing.
///
/// A visit takes calls and tasks by turns, so that neither have to wait for an end of the other.
///
/// Threads: every member may be called concurrently.
class team final : public std::enable_shared_from_this<team>, public retirable {
public:
    explicit team(std::size_t workers) : openings_(workers + 1), visits_(workers) {
        retired_teams::of_process(); // made now, so that retiring needs no memory
    }

    /// A call in progress on a team: shutting down waits for it.
    /// Errors: std::logic_error if the pool has been shut down.
    class presence {
    public:
        explicit presence(team& team)
            : team_(team), nested_(membership::of(team)), membership_(team) {
            if (nested_) {
                team_.attendance_.enter();
            } else if (!team_.attendance_.enter_if_open()) {
                refuse();
            }
        }

        ~presence() {
            if (!team_.attendance_.leave_if_open()) {
                const std::lock_guard lock(team_.openings_.mutex());
                team_.end_call();
            }
        }

        presence(const presence&) = delete;
        presence& operator=(const presence&) = delete;

    private:
        team& team_;
        bool nested_; // in a call that shutting down waits for
        membership membership_;
    };

    /// How many workers may come at present.
    [[nodiscard]] std::size_t available() const { return visits_.available(); }

    /// The same for a call that goes on without its caller: one more, as for tasks.
    [[nodiscard]] std::size_t available_without_caller() {
        const std::lock_guard lock(openings_.mutex());
        return visits_.available_for_tasks();
    }

    /// Lists a call, so that workers join it, `helpers` at most at once: those who wait have it
    /// offered, others may come. Blocking: no.
    void open(shared_call& call, std::size_t helpers) {
        std::unique_lock lock(openings_.mutex());
        openings_.list(call);
        const std::size_t wanted = openings_.offer(call, helpers);
        if (wanted != 0)
            openings_.make_room(call, wanted, helpers);
        // Who has been offered it may have been reckoned with for something else.
        if (openings_.any())
            bring_workers(lock);
    }

    /// Has up to `more` further workers come to a listed call, `helpers` at most being there at
    /// once, where some may have left for want of anything to do. Blocking: no.
    void reopen(shared_call& call, std::size_t more, std::size_t helpers) {
        std::unique_lock lock(openings_.mutex());
        if (call.listed_)
            make_room(call, more, helpers, lock);
    }

    /// The same for a worker inside the call. If the caller has taken it off the list and waits,
    /// it is the caller that `close` sends back.
    void call_back(shared_call& call, std::size_t more, std::size_t helpers) {
        std::unique_lock lock(openings_.mutex());
        if (call.listed_)
            return make_room(call, more, helpers, lock);
        call.resumed_.store(true, std::memory_order_relaxed);
        if (call.waited_for_)
            call.idle_.notify_one();
    }

    /// Takes a call off the list. Blocking: until the workers that have joined it are done.
    /// False if one of them has called its caller back, or has added something since it last
    /// looked: then that is to open it again.
    bool close(shared_call& call) {
        std::unique_lock lock(openings_.mutex());
        openings_.unlist(call);
        if (call.workers_.empty())
            return true;
        if (call.work_added())
            return false;
        lock.unlock();
        const auto ended = [&call] {
            return call.workers_.empty() || call.resumed_.load(std::memory_order_relaxed);
        };
        if (!spin_until(ended, short_time)) {
            lock.lock();
            call.workers_.close();
            call.waited_for_ = true;
            brief_mutex::wait(call.idle_, lock, ended);
            call.waited_for_ = false;
        }
        openings_.fetch_seats();
        return !call.resumed_.exchange(false, std::memory_order_relaxed);
    }

    /// Queues a task, to be run by a worker, by whoever claims it, or by `shut_down`. Blocking: no.
    /// False if the pool has been shut down and this is no call or task that it still waits for:
    /// then the task is not queued.
    bool queue(task& added) noexcept {
        std::unique_lock lock(openings_.mutex());
        if (closed() && !membership::of(*this))
            return false;
        add_task(added);
        ++by_others_;
        bring_worker_for_tasks(lock);
        return true;
    }

    /// Takes a task that has not been begun out of the queue: true if this thread is now to run it,
    /// and to call `end_task` then.
    bool claim(task& wanted) noexcept {
        const std::lock_guard lock(openings_.mutex());
        if (!openings_.take_task(wanted))
            return false;
        ++by_others_;
        attendance_.enter();
        return true;
    }

    /// Queues what the task has left.
    void end_task(task_chain& left) noexcept {
        std::unique_lock lock(openings_.mutex());
        if (add_tasks(left))
            bring_worker_for_tasks(lock);
        end_call();
    }

    /// Whether a worker is awake with nothing to do, or is on its way, so that it will soon join a
    /// call.
    [[nodiscard]] bool anyone_coming() const noexcept { return openings_.anyone_coming(); }

    [[nodiscard]] bool closed() const noexcept { return attendance_.closed(); }

    /// Refuses further calls and tasks, and gives the threads back. Blocking: until the calls in
    /// progress and all tasks have ended, of which this thread runs those that none has begun.
    /// Errors: std::logic_error from inside such a call.
    void shut_down() {
        if (membership::of(*this)) {
            throw std::logic_error("parmap::pool: shut down from inside a call that runs on it");
        }
        std::unique_lock lock(openings_.mutex());
        attendance_.close();
        while (!attendance_.empty() || openings_.has_tasks()) {
            task_chain left;
            if (!run_task(lock, left))
                brief_mutex::wait(quiet_, lock,
                                  [&] { return attendance_.empty() || openings_.has_tasks(); });
            add_tasks(left);
        }
        // Here, not when a late visit drops the last reference: that may be while the process
        // exits.
        visits_.stop();
        if (!visits_.none() && !awaited_) {
            awaited_ = true;
            retired_teams::of_process().add(shared_from_this());
        }
    }

    /// Errors: std::logic_error after `shut_down`, but inside a call that it still waits for.
    void require_open() const {
        if (closed() && !membership::of(*this)) {
            refuse();
        }
    }

private:
    // How long a worker looks for more to do, and how long a caller waits for workers without
    // sleeping: calls that follow one another closely find each other's awake.
    static constexpr std::chrono::microseconds short_time{200};

    // Of `ticks`: about a microsecond.
    static constexpr std::uint64_t quick_task = 3'000;

    [[noreturn]] static void refuse() {
        throw std::logic_error("parmap::pool: used after shutdown()");
    }

    void make_room(shared_call& call, std::size_t more, std::size_t helpers,
                   std::unique_lock<brief_mutex>& lock) {
        openings_.make_room(call, more, helpers);
        bring_workers(lock);
    }

    // Has as many more come as are wanted and not on their way, or else those who should have come.
    void bring_workers(std::unique_lock<brief_mutex>& lock) {
        const std::size_t missing = openings_.missing();
        const std::size_t added = visits_.add(missing);
        const bool overdue = added == 0 && visits_.overdue();
        openings_.expect(added);
        lock.unlock();
        send(added, true);
        if (overdue)
            visits_.remind();
    }

    // Has one more worker come for the tasks, unless as many are on their way as have something to
    // do.
    void bring_worker_for_tasks(std::unique_lock<brief_mutex>& lock) noexcept {
        const bool more = visits_.add_for_tasks([this] { return openings_.missing() != 0; });
        if (!more && !visits_.overdue())
            return;
        openings_.expect(more ? 1 : 0);
        // Shutting down waits for this thread, too, to be done with the backend.
        attendance_.enter();
        lock.unlock();
        if (more)
            send(1, false);
        else
            visits_.remind();
        lock.lock();
        end_call();
    }

    void add_task(task& added) noexcept {
        openings_.add(added);
        if (closed())
            quiet_.notify_all();
    }

    // What a task has left; shutting down waits for it as it did for the task. False if nothing.
    bool add_tasks(task_chain& left) noexcept {
        if (left.empty())
            return false;
        while (task* const next = left.pop())
            add_task(*next);
        return true;
    }

    void end_call() noexcept {
        attendance_.leave();
        if (attendance_.empty() && closed())
            quiet_.notify_all();
    }

    // Runs the task that has waited longest; false if none waits. What it has left is to be added
    // before the mutex is let go of.
    bool run_task(std::unique_lock<brief_mutex>& lock, task_chain& left) noexcept {
        task* const next = openings_.take_task();
        if (next == nullptr)
            return false;
        attendance_.enter();
        lock.unlock();
        {
            const membership here(*this);
            next->run(left);
        }
        lock.lock();
        end_call();
        return true;
    }

    void send(std::size_t count, bool elsewhere) noexcept {
        const std::size_t unsent =
            visits_.send(count, elsewhere, [this] { return sent_visit<team>(shared_from_this()); });
        if (unsent != 0) {
            const std::lock_guard lock(openings_.mutex());
            visits_.begin(unsent);
            visits_.end(unsent);
            openings_.expect_fewer(unsent);
        }
    }

    friend class sent_visit<team>;

    void visit() noexcept {
        visits_.arrive();
        bool last = false;
        {
            const membership here(*this);
            std::unique_lock lock(openings_.mutex());
            visits_.begin(1);
            seat& mine = openings_.take_seat();
            bool tasks_come = false;
            do {
                while (run_next(lock, tasks_come)) {
                }
            } while ((tasks_come && await_task(lock)) || (tasks_come = look_around(lock, mine)));
            openings_.give_back(mine);
            openings_.expect_fewer(1);
            visits_.end(1);
            last = visits_.none() && awaited_;
        }
        if (last) {
            retired_teams::of_process().remove(*this);
        }
    }

    // Calls and tasks by turns, where there are both.
    bool run_next(std::unique_lock<brief_mutex>& lock, bool& tasks_come) noexcept {
        tasks_turn_ = !tasks_turn_;
        const bool call = !tasks_turn_ && run_call(lock);
        const bool task = !call && visit_task(lock);
        const bool ran = call || task || (tasks_turn_ && run_call(lock));
        if (ran)
            tasks_come = task;
        return ran;
    }

    bool visit_task(std::unique_lock<brief_mutex>& lock) noexcept {
        task_chain left;
        const std::size_t before = by_others_;
        const std::uint64_t began = ticks();
        openings_.expect_fewer(1);
        const bool ran = run_task(lock, left);
        openings_.expect(1);
        const bool in_the_way = ran && by_others_ != before && ticks() - began < quick_task;
        // This thread will take it; another one has to come only if it has something else to do.
        if (add_tasks(left))
            bring_worker_for_tasks(lock);
        if (in_the_way)
            stand_back(lock);
        return ran;
    }

    // While others queue tasks or run them as they wait, and these take no longer than to hand one
    // over does, a worker that takes them too makes all slower: each task and the mutex go from
    // core to core.
    void stand_back(std::unique_lock<brief_mutex>& lock) noexcept {
        lock.unlock();
        for (int i = 0; i != 100; ++i)
            pause();
        lock.lock();
    }

    bool run_call(std::unique_lock<brief_mutex>& lock) noexcept {
        shared_call* const call = openings_.join_first();
        if (call == nullptr)
            return false;
        work_on(*call, lock);
        openings_.expect(1);
        return true;
    }

    void work_on(shared_call& call, std::unique_lock<brief_mutex>& lock) noexcept {
        lock.unlock();
        call.work();
        lock.lock();
        openings_.leave(call);
    }

    // Where there was a task there is often another: it finds its worker without a seat, which who
    // queues it would have to look at. False if nothing has come within a moment.
    bool await_task(std::unique_lock<brief_mutex>& lock) noexcept {
        lock.unlock();
        spin_until([this] { return openings_.any(); });
        lock.lock();
        return openings_.any();
    }

    // Runs calls that are offered. False if nothing has come to do within a short time.
    bool look_around(std::unique_lock<brief_mutex>& lock, seat& mine) noexcept {
        openings_.sit(mine);
        lock.unlock();
        shared_call* offered = nullptr;
        const auto called = [&] {
            offered = mine.accept();
            return offered != nullptr || openings_.any();
        };
        while (spin_until(called, short_time) && offered != nullptr) {
            offered->work();
            mine.sit();
            leave(*offered);
        }
        lock.lock();
        offered = openings_.rise(mine);
        if (offered == nullptr)
            return openings_.any();
        work_on(*offered, lock);
        openings_.expect(1);
        return true;
    }

    // Without the mutex, if nobody has to hear of it.
    void leave(shared_call& call) noexcept {
        if (!call.work_added() && call.workers_.leave_if_open())
            return;
        const std::lock_guard lock(openings_.mutex());
        openings_.leave(call);
    }

    openings openings_;
    visits visits_;
    bool tasks_turn_ = false;
    std::size_t by_others_ = 0; // tasks queued or claimed by threads that do not visit
    bool awaited_ = false;      // retired, with visits that have not ended
    std::condition_variable quiet_;
    alignas(cache_line) attendance attendance_;
};

} // namespace parmap::detail
