// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/ending.hpp>
#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/runtime/detail/shared_call.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/detail/ticks.hpp>
#include <parmap/runtime/pool.hpp>
#include <parmap/stream/detail/chunk_run.hpp>
#include <parmap/stream/detail/stream_chunk.hpp>
#include <parmap/stream/detail/stream_ring.hpp>
#include <parmap/stream/detail/stream_slots.hpp>
#include <parmap/stream/detail/stream_state.hpp>
#include <parmap/stream/detail/stream_window.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace parmap::detail {

/// The work on a stream, whoever does it: elements are pulled, taken on in chunks and run.
///
/// Threads: workers come and go; what is protected is for the consumer. The mutex is taken after
/// the team's, if both are, and never held while the user's code runs.
class stream_work : public shared_call, protected result_listener {
protected:
    /// A thread at work on the stream.
    struct runner {
        explicit runner(const stream_work& work) noexcept : eye(work.ending_.interruption()) {}

        stream_chunk chunk;
        watch eye;
        std::size_t chance = 0;
    };

    stream_work(stream_slots& slots, stream_ring& ring, stream_window& window,
                const options& options, std::size_t total)
        : slots_(slots), ring_(ring), window_(window), pool_size_(pool_of(options).size()),
          team_(pool_access::team_of(pool_of(options)).shared_from_this()),
          helpers_(options.schedule == schedule::serial ? 0 : pool_size_), ending_(options, total),
          state_(ring, window), mine_(*this), items_{ring, window, ending_, state_.limit(), *this} {
    }

    ~stream_work() = default;

    /// Under the mutex: something has changed that the consumer may wait for.
    virtual void tell_consumer() noexcept = 0;

    /// Whether one worker more should come.
    [[nodiscard]] bool worker_wanted() const noexcept {
        return opened_ && inside_ < helpers_ && !called_ && worker_can_begin();
    }

    /// Calls a worker, with a presence on the team: else the pool might be shut down meanwhile.
    void reopen(std::unique_lock<std::mutex>& lock) {
        called_ = true;
        lock.unlock();
        team_->reopen(*this, 1, helpers_);
        lock.lock();
    }

    /// Pulls as many elements as a thread takes on. To be called when that is allowed.
    void pull(std::unique_lock<std::mutex>& lock, runner& me) noexcept {
        const std::size_t most = std::min(window_.share(), state_.room());
        if (most == 0)
            return; // the window is narrower than it was a moment ago
        state_.begin_pull();
        lock.unlock();
        bool goes_on = false;
        bool interrupted = false;
        std::exception_ptr error;
        try {
            const std::uint64_t begin = ticks();
            goes_on = slots_.more();
            interrupted = goes_on && me.eye() && me.eye.interrupted();
            if (goes_on && !interrupted)
                goes_on = slots_.fill(ring_, most, begin);
        } catch (...) {
            goes_on = false;
            error = std::current_exception();
        }
        lock.lock();
        state_.end_pull(goes_on);
        // What the source throws is the failure of the element that it would have given.
        if (error)
            fail(ring_.pulled(), std::move(error));
        if (interrupted)
            leave_out(ring_.pulled());
        tell_consumer();
    }

    /// Runs what is in hand. What an item has thrown.
    std::exception_ptr run_items(chunk_run& now) noexcept {
        std::exception_ptr error;
        try {
            slots_.run(now);
        } catch (...) {
            error = std::current_exception();
        }
        now.tell();
        return error;
    }

    /// After the last item: what has failed or is left over, and what that means for the others.
    void conclude(std::unique_lock<std::mutex>& lock, stream_chunk& chunk, const chunk_run& now,
                  std::exception_ptr error) noexcept {
        const bool failed = error != nullptr;
        if (failed) {
            fail(chunk.index(), std::move(error));
        } else if (now.why() == chunk_run::outcome::interrupted) {
            leave_out(chunk.next_index());
        }
        const std::size_t left = chunk.give_up();
        state_.drop(chunk);
        tell_consumer();
        if (!failed && left == 0)
            return;
        lock.unlock();
        if (failed)
            slots_.destroy_element(chunk.slot());
        destroy_left(chunk, left);
        lock.lock();
    }

    /// What has been given up.
    void destroy_left(const stream_chunk& chunk, std::size_t count) noexcept {
        for (std::size_t i = 0; i != count; ++i)
            slots_.destroy_element(chunk.left(i));
    }

    void fail(std::size_t index, std::exception_ptr error) noexcept {
        ending_.fail(index, std::move(error));
        state_.end_at(index);
    }

    stream_slots& slots_;
    stream_ring& ring_;
    stream_window& window_;
    const std::size_t pool_size_;
    const std::shared_ptr<team> team_;
    std::size_t helpers_;
    ending ending_;

    std::mutex mutex_;
    stream_state state_;
    std::size_t inside_ = 0; // workers
    std::size_t done_ = 0;   // by workers
    bool opened_ = false;
    bool consumer_stuck_ = false; // it sleeps: then it pays to bring in workers for anything

    runner mine_; // the consumer's
    std::atomic<bool> consumer_runs_ = false;
    const stream_items items_;

private:
    void work() noexcept override {
        const team::presence here(*team_);
        runner me(*this);
        std::unique_lock lock(mutex_);
        ++inside_;
        called_ = false;
        while (take_on(lock, me)) {
            state_.begin_run();
            if (worker_wanted())
                reopen(lock);
            run(lock, me);
        }
        --inside_;
        tell_consumer();
    }

    bool work_added() noexcept override {
        const std::lock_guard lock(mutex_);
        return called_ = worker_can_begin();
    }

    // Runs the chunk in hand, but for what others steal.
    void run(std::unique_lock<std::mutex>& lock, runner& me) noexcept {
        chunk_run now(me.chunk, items_, me.eye, stream_chunk::most, me.chance);
        std::exception_ptr error;
        do {
            lock.unlock();
            error = run_items(now);
            lock.lock();
        } while (!error && now.why() == chunk_run::outcome::refused && me.chunk.withdraw());
        done_ += now.count();
        state_.end_run();
        conclude(lock, me.chunk, now, std::move(error));
    }

    // Takes a chunk in hand. False if there is nothing to do for this thread.
    bool take_on(std::unique_lock<std::mutex>& lock, runner& me) noexcept {
        bool waited = false;
        while (seat_free()) {
            if (state_.waiting() != 0) {
                state_.take(me.chunk, window_.share());
                return true;
            }
            if (pull_pays()) {
                pull(lock, me);
            } else if (state_.pulling() && !std::exchange(waited, true)) {
                wait_for_pull(lock);
            } else {
                return state_.steal(me.chunk);
            }
        }
        // A consumer who is away with elements in hand keeps a seat that others could use.
        return !team_->closed() && !consumer_runs_ &&
               state_.steal_all(me.chunk, mine_.chunk, consumer_runs_);
    }

    // No more threads work on a stream than its pool has.
    [[nodiscard]] bool seat_free() const noexcept {
        const std::size_t busy = state_.running() + (state_.pulling() ? 1 : 0);
        const std::size_t consumers = mine_.chunk.in_use(consumer_runs_) ? 1 : 0;
        return busy + consumers < pool_size_ && !team_->closed();
    }

    [[nodiscard]] bool pull_pays() const noexcept {
        if (!state_.may_pull())
            return false;
        const std::size_t room = state_.room();
        return window_.worth_waking(room) || (consumer_stuck_ && room != 0);
    }

    // Most pulls are a matter of nanoseconds: less than leaving and coming back.
    void wait_for_pull(std::unique_lock<std::mutex>& lock) noexcept {
        lock.unlock();
        for (int i = 0; i != 100 && state_.pulling(); ++i)
            pause();
        lock.lock();
    }

    [[nodiscard]] bool worker_can_begin() const noexcept {
        return seat_free() && (state_.waiting() != 0 || pull_pays() || state_.can_steal());
    }

    void leave_out(std::size_t index) noexcept {
        ending_.leave_out(index);
        state_.end_at(index);
    }

    bool called_ = false; // a worker who has not come yet
};

} // namespace parmap::detail
