// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/placement.hpp>
#include <parmap/runtime/detail/tbb_backend.hpp>
#include <parmap/runtime/detail/ticks.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

namespace parmap::detail {

/// What oneTBB keeps until a thread comes to a team. It lets go of the team as the visit ends, not
/// when oneTBB gets round to destroying it.
template <class Team>
class sent_visit {
public:
    explicit sent_visit(std::shared_ptr<Team> team) noexcept : team_(std::move(team)) {}
    void operator()() const noexcept { std::exchange(team_, nullptr)->visit(); }

private:
    mutable std::shared_ptr<Team> team_;
};

/// The visits of a team's workers: how many may be under way, and sending for them.
///
/// There is one worker more for tasks than for calls, whose callers work too; it is asked for when
/// the first task comes, or the first call that goes on without its caller.
///
/// A visit that has not begun after some time is one that oneTBB may not have heard of: before
/// 2022.0 it can miss that something has been enqueued. It is reminded, or the team would wait for
/// that visit for ever.
///
/// Threads: `available`, `send`, `arrive` and `remind` are anyone's; all else is called under the
/// team's mutex.
class visits {
public:
    /// For calls that use so many workers beside their callers.
    explicit visits(std::size_t workers) : workers_(workers), threads_(std::in_place, workers) {}

    /// How many workers may come to a call at present.
    [[nodiscard]] std::size_t available() const {
        return workers_ == 0 ? 0 : std::min(workers_, threads_->available());
    }

    /// The same where there is no caller.
    [[nodiscard]] std::size_t available_for_tasks() {
        want_worker_for_tasks();
        return std::min(most_.load(), threads_->available());
    }

    /// Up to `wanted` more visits are under way from now on: returns how many. They are to be sent.
    [[nodiscard]] std::size_t add(std::size_t wanted) noexcept {
        const std::size_t added = std::min(wanted, most_.load() - under_way_);
        count(added);
        return added;
    }

    /// The same for one that comes for tasks, where `wanted` says so. None is sent for where none
    /// would come: oneTBB would bring one in spite of the limit.
    template <class Wanted>
    [[nodiscard]] bool add_for_tasks(Wanted wanted) noexcept {
        want_worker_for_tasks();
        if (under_way_ >= most_ || !wanted() || under_way_ >= threads_->available())
            return false;
        count(1);
        return true;
    }

    /// So many have begun, or will not be sent.
    void begin(std::size_t count) noexcept { not_begun_ -= count; }

    /// Whether some should have begun long ago; true once in a while.
    [[nodiscard]] bool overdue() noexcept {
        if (not_begun_ == 0 || ticks() - sent_at_ < long_time)
            return false;
        sent_at_ = ticks();
        return true;
    }

    /// Has oneTBB look at what it has been sent.
    void remind() noexcept {
        try {
            if (threads_->available() != 0)
                threads_->remind();
        } catch (...) {
            // Another time.
        }
    }

    /// So many have ended, or will not be sent.
    void end(std::size_t count) noexcept { under_way_ -= count; }

    [[nodiscard]] bool none() const noexcept { return under_way_ == 0; }

    /// Has what `make_visit` makes called by so many workers. Returns for how many there was no
    /// memory. Who goes on with a call of its own has them wake elsewhere at once, which takes some
    /// microseconds more.
    template <class MakeVisit>
    [[nodiscard]] std::size_t send(std::size_t count, bool elsewhere,
                                   MakeVisit make_visit) noexcept {
        if (count == 0)
            return 0;
        const int here = current_cpu();
        sender_cpu_.store(here, std::memory_order_relaxed);
        std::size_t left = count;
        const auto send_all = [&]() noexcept {
            try {
                for (; left != 0; --left)
                    threads_->send(make_visit());
            } catch (...) {
                // The call goes on with fewer workers.
            }
        };
        if (elsewhere && known_workers::of_process().wake_off(here, most_, send_all))
            return left;
        send_all();
        // A worker that wakes on this CPU leaves it by itself, for which it has to run.
        std::this_thread::yield();
        return left;
    }

    /// To be called first by a worker that comes.
    void arrive() noexcept {
        known_workers& workers = known_workers::of_process();
        workers.add_this_thread();
        workers.move_away_from(sender_cpu_.load(std::memory_order_relaxed));
    }

    /// Gives the threads back: nothing is sent any more.
    void stop() noexcept { threads_.reset(); }

private:
    // Of ticks: 10 to 50 milliseconds.
    static constexpr std::uint64_t long_time = 50'000'000;

    void count(std::size_t added) noexcept {
        under_way_ += added;
        not_begun_ += added;
        if (added != 0)
            sent_at_ = ticks();
    }

    void want_worker_for_tasks() noexcept {
        if (most_ > workers_)
            return;
        try {
            threads_->grow(1);
            most_ = workers_ + 1;
        } catch (...) {
            // Without memory for a higher limit the others do it.
        }
    }

    const std::size_t workers_;
    std::atomic<std::size_t> most_ = workers_;
    std::size_t under_way_ = 0;             // sent, or about to be, and not yet ended
    std::size_t not_begun_ = 0;             // of these
    std::uint64_t sent_at_ = 0;             // ticks, the last of these
    std::atomic<int> sender_cpu_ = -1;      // of who sent last
    std::optional<worker_threads> threads_; // until `stop`
};

} // namespace parmap::detail
