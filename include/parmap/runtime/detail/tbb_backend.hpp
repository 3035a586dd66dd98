// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

// The only file that knows oneTBB. What parmap asks of a backend, whole:
//
// - `worker_threads(count)` stands for up to `count` threads that are not the caller's.
// - `grow(more)` lets there be so many more.
// - `available()` tells how many of them the process may have at present, 0 if none.
// - `send(visit)` has a copy of `visit` called once on such a thread, soon, late or, if the system
//   never grants a thread, not at all; it does not wait. `visit` is const-callable and throws
//   nothing. `send` may throw std::bad_alloc, and then `visit` is not called.
// - `remind()` has what was sent looked at once more; it may throw std::bad_alloc.
// - A visit that has not begun when its `worker_threads` is destroyed may still be called later.
//
// oneTBB's side of it: threads are shared with the application's own use of oneTBB, a lower
// limit that it sets by tbb::global_control wins, and its warnings about limits are kept silent by
// never asking for more than the limit in force.

namespace parmap::detail {

/// Keeps oneTBB's process-wide limit high enough for the threads of all pools.
class worker_limit {
public:
    void raise_by(std::size_t workers) {
        const std::lock_guard lock(mutex_);
        workers_ += workers;
        try {
            apply();
        } catch (...) {
            workers_ -= workers;
            throw;
        }
    }

    void lower_by(std::size_t workers) noexcept {
        const std::lock_guard lock(mutex_);
        workers_ -= workers;
        try {
            apply();
        } catch (...) {
            // Without memory for a lower limit the higher one stays: it costs nothing.
        }
    }

    /// Calls `f` while the limit stays as it is: oneTBB 2021 reads it without a lock of its own
    /// when a thread or an arena first comes to it.
    template <class F>
    void while_unchanged(F f) {
        const std::lock_guard lock(mutex_);
        f();
    }

    /// Threads that may work at once, the application's included, by all limits in force.
    static std::size_t in_force() {
        return tbb::global_control::active_value(tbb::global_control::max_allowed_parallelism);
    }

    // Never destroyed: pools in static storage may still give their workers back at exit.
    static worker_limit& of_process() {
        static worker_limit& limit = *new worker_limit;
        return limit;
    }

private:
    void apply() {
        const auto usual = static_cast<std::size_t>(tbb::info::default_concurrency());
        const std::size_t wanted = workers_ + 1;
        if (wanted <= usual) {
            control_.reset();
        } else if (wanted != applied()) {
            replace_control(wanted);
            // Once oneTBB has started, its hard limit stands, and asking for more breaks it.
            if (wanted > surely_granted && in_force() < wanted) {
                replace_control(std::max(in_force(), surely_granted));
            }
        }
    }

    // Every oneTBB can have 256 workers beside the caller.
    static constexpr std::size_t surely_granted = 257;

    std::size_t applied() const { return control_ ? value_ : 0; }

    // The lowest limit alive is the one in force, so that the new one must stand before the old
    // one goes when it is lower, and the old one must go for a higher one to be seen.
    void replace_control(std::size_t value) {
        auto control = std::make_unique<tbb::global_control>(
            tbb::global_control::max_allowed_parallelism, value);
        control_ = std::move(control);
        value_ = value;
    }

    std::mutex mutex_;
    std::size_t workers_ = 0;
    std::size_t value_ = 0;
    std::unique_ptr<tbb::global_control> control_;
};

class worker_threads {
public:
    explicit worker_threads(std::size_t count) : count_(count) {
        worker_limit::of_process().raise_by(count_);
    }

    ~worker_threads() { worker_limit::of_process().lower_by(count_.load()); }

    worker_threads(const worker_threads&) = delete;
    worker_threads& operator=(const worker_threads&) = delete;

    void grow(std::size_t more) {
        worker_limit::of_process().raise_by(more);
        count_.fetch_add(more, std::memory_order_relaxed);
    }

    [[nodiscard]] std::size_t available() const {
        return std::min(count_.load(std::memory_order_relaxed), worker_limit::in_force() - 1);
    }

    template <class Visit>
    void send(const Visit& visit) {
        worker_limit::of_process().while_unchanged([&] { arena().enqueue(visit); });
    }

    // By something new to do, in whichever arena it was that a visit was sent to.
    void remind() {
        worker_limit::of_process().while_unchanged([&] {
            for (const auto& each : arenas_)
                each->enqueue([]() noexcept {});
        });
    }

private:
    tbb::task_arena& arena() {
        const std::size_t wanted = std::max<std::size_t>(available(), 1);
        if (wanted > arena_size_) {
            auto wider = std::make_unique<tbb::task_arena>(static_cast<int>(wanted), 0);
            wider->initialize();
            arenas_.push_back(std::move(wider));
            arena_size_ = wanted;
        }
        return *arenas_.back();
    }

    std::atomic<std::size_t> count_;
    std::size_t arena_size_ = 0;
    // More than one only where more workers have come to be wanted, or allowed, meanwhile.
    std::vector<std::unique_ptr<tbb::task_arena>> arenas_;
};

} // namespace parmap::detail
