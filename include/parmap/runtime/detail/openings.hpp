// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>
#include <parmap/runtime/detail/brief_mutex.hpp>
#include <parmap/runtime/detail/seat.hpp>
#include <parmap/runtime/detail/shared_call.hpp>
#include <parmap/runtime/detail/task.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace parmap::detail {

/// What there is to do on a team, calls with room for workers and tasks, and how many workers are
/// free for it or on their way.
///
/// Threads: `any` and `anyone_coming` are anyone's; all else is called under the mutex.
class openings {
public:
    /// For so many workers at once.
    explicit openings(std::size_t most_workers)
        : seat_count_(most_workers), seats_(new seat[most_workers]) {}

    [[nodiscard]] brief_mutex& mutex() noexcept { return mutex_; }

    /// Whether a call or a task wants a worker.
    [[nodiscard]] bool any() const noexcept { return room_.load(std::memory_order_relaxed) != 0; }

    /// Whether a worker is awake with nothing to do, or is on its way.
    [[nodiscard]] bool anyone_coming() const noexcept {
        return coming_.load(std::memory_order_relaxed) != 0 || free_seats(1) != 0;
    }

    /// How many more workers are wanted than are coming.
    [[nodiscard]] std::size_t missing() const noexcept {
        const std::size_t wanted = room_.load(std::memory_order_relaxed);
        const std::size_t coming = coming_.load(std::memory_order_relaxed);
        return wanted <= coming ? 0 : wanted - coming - free_seats(wanted - coming);
    }

    /// One for a worker that begins its visit, until it gives it back.
    [[nodiscard]] seat& take_seat() noexcept {
        seat* free = seats_.get();
        while (std::exchange(free->taken, true))
            ++free;
        return *free;
    }

    /// To be called as a call ends: for the next one it is at hand who waits.
    void fetch_seats() const noexcept { prefetch(seats_.get(), 1); }

    void give_back(seat& taken) noexcept { taken.taken = false; }

    /// A worker that was coming waits in its seat.
    void sit(seat& mine) noexcept {
        expect_fewer(1);
        mine.sit();
    }

    /// It does so no longer: it has been offered a call, which is returned, or is coming.
    shared_call* rise(seat& mine) noexcept {
        shared_call* const offered = mine.rise();
        if (offered == nullptr)
            expect(1);
        return offered;
    }

    /// Offers a call that is listed to workers that wait in their seats, as many as there are,
    /// `helpers` at most working on it at once: returns how many more may.
    std::size_t offer(shared_call& call, std::size_t helpers) noexcept {
        const std::size_t most = helpers - std::min(call.workers_.count(), helpers);
        const std::size_t workers = free_seats(most);
        call.set_shares_aside(workers);
        seat* free = seats_.get();
        for (std::size_t i = 0; i != workers; ++i, ++free) {
            while (!free->free())
                ++free;
            call.workers_.enter();
            free->offer(call);
        }
        call.offered_ = call.offered_ || workers != 0;
        return most - workers;
    }

    /// So many workers are now coming, who were not.
    void expect(std::size_t workers) noexcept {
        coming_.fetch_add(workers, std::memory_order_relaxed);
    }

    /// So many who were coming are not.
    void expect_fewer(std::size_t workers) noexcept {
        coming_.fetch_sub(workers, std::memory_order_relaxed);
    }

    void list(shared_call& call) noexcept { calls_.push(call); }

    /// Takes a call off the list: no worker joins it any more.
    void unlist(shared_call& call) noexcept {
        withdraw_room(call);
        if (call.offered_) {
            for (std::size_t i = 0; i != seat_count_; ++i) {
                if (seats_[i].retract(call))
                    call.workers_.leave();
            }
        }
        calls_.remove(call);
    }

    /// Makes room in a call for up to `more` workers, `helpers` at most being there at once. Who
    /// is about to leave looks once more, under the mutex, whether something has been added.
    void make_room(shared_call& call, std::size_t more, std::size_t helpers) noexcept {
        const std::size_t active = call.workers_.close();
        const std::size_t room = std::min(more, helpers - std::min(active, helpers));
        const std::size_t added = room - std::min(call.room_, room);
        call.room_ += added;
        change_room(added);
    }

    /// Has a worker join the latest call that has room for one; null if none has.
    shared_call* join_first() noexcept {
        shared_call* const call = calls_.first_with_room();
        if (call == nullptr)
            return nullptr;
        --call->room_;
        change_room(minus_one);
        expect_fewer(1);
        call->workers_.enter();
        return call;
    }

    /// A worker that leaves has found nothing to begin, so that nobody else need come. Once the
    /// count is 0 the caller may return and the call be gone, unless the caller sleeps: it wakes
    /// only under the mutex.
    void leave(shared_call& call) noexcept {
        if (call.listed_ && call.work_added()) {
            ++call.room_;
            change_room(1);
        } else {
            withdraw_room(call);
        }
        const bool waited_for = call.waited_for_;
        if (call.workers_.leave() && waited_for) {
            call.idle_.notify_one();
        }
    }

    void add(task& added) noexcept {
        tasks_.push(added);
        change_room(1);
    }

    [[nodiscard]] bool has_tasks() const noexcept { return !tasks_.empty(); }

    /// Takes the task that has waited longest; null if none waits.
    task* take_task() noexcept {
        task* const next = tasks_.pop();
        if (next != nullptr)
            change_room(minus_one);
        return next;
    }

    /// Takes a task out. False if it does not wait here any more.
    bool take_task(task& wanted) noexcept {
        const bool taken = tasks_.remove(wanted);
        if (taken)
            change_room(minus_one);
        return taken;
    }

private:
    static constexpr auto minus_one = static_cast<std::size_t>(-1);

    // Looking workers' copies of the line are left alone where nothing changes.
    void change_room(std::size_t by) noexcept {
        if (by == 0)
            return;
        room_.store(room_.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
    }

    std::size_t free_seats(std::size_t most) const noexcept {
        std::size_t found = 0;
        for (std::size_t i = 0; i != seat_count_ && found != most; ++i)
            found += seats_[i].free() ? 1 : 0;
        return found;
    }

    void withdraw_room(shared_call& call) noexcept {
        change_room(0 - call.room_);
        call.room_ = 0;
    }

    // What a caller and a worker hand to each other lies on one cache line; what is read without
    // the mutex on one of its own.
    alignas(cache_line) brief_mutex mutex_;
    call_list calls_;
    std::atomic<std::size_t> coming_ = 0; // workers that have no call or task, and wait in no seat
    task_queue tasks_;
    alignas(cache_line) std::atomic<std::size_t> room_ = 0; // in all calls, and for each task
    const std::size_t seat_count_;
    const std::unique_ptr<seat[]> seats_;
};

} // namespace parmap::detail
