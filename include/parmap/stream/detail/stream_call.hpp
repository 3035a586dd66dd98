// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/failure.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/stream/detail/stream_ring.hpp>
#include <parmap/stream/detail/stream_slots.hpp>
#include <parmap/stream/detail/stream_window.hpp>
#include <parmap/stream/detail/stream_work.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace parmap::detail {

/// A stream in progress: workers pull elements and run them ahead of a consumer, who takes the
/// results and never has more than a window of them under way. Where nobody has begun what the
/// consumer waits for, it does so itself.
///
/// Threads: `start`, `next`, `consume` and the destructor are the consumer's, which may be one
/// thread after another.
class stream_call final : public stream_work {
public:
    /// `total` is 0 where the range does not know its size. `memory` is what the call site
    /// remembers of earlier streams.
    stream_call(stream_slots& slots, stream_ring& ring, stream_window& window,
                const options& options, std::size_t total, site_memory& memory)
        : stream_work(slots, ring, window, options, total), total_(total), memory_(memory) {}

    ~stream_call() {
        {
            const std::lock_guard lock(mutex_);
            state_.end_at(0);
        }
        close();
        destroy_left(mine_.chunk, mine_.chunk.give_up());
        for (std::size_t i = state_.taken(); i != ring_.pulled(); ++i)
            slots_.destroy_element(ring_.slot_of(i));
        ring_.for_each_ready([this](std::uint32_t slot) { slots_.destroy_result(slot); });
        if (window_.item_time() > 0)
            memory_.note(window_.item_time());
    }

    /// Has workers come, if that pays. Errors: std::logic_error if the pool has been shut down.
    void start() {
        const team::presence here(*team_);
        helpers_ = helpers_ == 0 ? 0 : std::min(helpers_, team_->available_without_caller());
        if (helpers_ == 0)
            return;
        const std::size_t first = std::min(window_.width(), total_ != 0 ? total_ : no_index);
        const std::size_t worth = window_.worth_waking(first) ? 1 : 0;
        opened_ = true;
        team_->open(*this, window_.items_are_quick() ? worth : std::min(helpers_, first));
    }

    /// Stands at the next result. False at the end.
    /// Errors: what an item, the source or the listener threw; `operation_cancelled`;
    /// std::logic_error if the pool has been shut down. Blocking: until there is a result.
    bool next() {
        while (!ring_.ready()) {
            if (!run_in_hand() && !look_for_work())
                return false;
        }
        return true;
    }

    /// Gives the present result's slot back: the consumer asks for the one after it.
    void consume() noexcept {
        ring_.consume();
        if (ring_.consumed() - last_look_ >= look_every_) {
            std::unique_lock lock(mutex_);
            call_workers(lock);
        }
    }

private:
    // After it has made room, or when it is about to sleep.
    void call_workers(std::unique_lock<std::mutex>& lock) noexcept {
        last_look_ = ring_.consumed();
        look_every_ = std::max<std::size_t>(window_.width() / 8, 1);
        if (!worker_wanted())
            return;
        lock.unlock();
        try {
            const team::presence here(*team_);
            lock.lock();
            reopen(lock);
            lock.unlock();
        } catch (const std::logic_error&) {
            // Shut down: that shows when the consumer has to work itself.
        }
        lock.lock();
    }

    // Runs the one element that the consumer waits for, if it has it in hand. The others that it
    // has wait for its next call, or for thieves.
    bool run_in_hand() noexcept {
        if (!mine_.chunk.any_left())
            return false;
        try {
            const team::presence here(*team_);
            consumer_runs_.store(true);
            chunk_run now(mine_.chunk, items_, mine_.eye, 1, mine_.chance);
            std::exception_ptr error = run_items(now);
            consumer_runs_.store(false);
            done_here_ += now.count();
            if (error || now.why() != chunk_run::outcome::enough) {
                std::unique_lock lock(mutex_);
                const bool refused = !error && now.why() == chunk_run::outcome::refused;
                if (!refused || !mine_.chunk.withdraw())
                    conclude(lock, mine_.chunk, now, std::move(error));
            }
        } catch (const std::logic_error&) {
            refuse();
        }
        return true;
    }

    // The pool has been shut down: the stream ends with the element that would be begun.
    void refuse() noexcept {
        std::unique_lock lock(mutex_);
        const std::size_t left = mine_.chunk.give_up();
        fail(left != 0 ? mine_.chunk.next_index() : state_.taken(), std::current_exception());
        lock.unlock();
        destroy_left(mine_.chunk, left);
    }

    // Takes on what the consumer waits for, or waits for those who have. False at the end.
    bool look_for_work() {
        std::unique_lock lock(mutex_);
        // While a thief tries and fails, what is in hand looks taken to who holds no mutex. That
        // comes before the end: nobody else counts it.
        if (mine_.chunk.any_left())
            return true;
        if (over_ || state_.exhausted()) {
            over_ = true;
            settle(lock);
            return false;
        }
        if (!state_.next_unbegun()) {
            wait(lock);
            return true;
        }
        call_workers(lock);
        lock.unlock();
        try {
            const team::presence here(*team_);
            lock.lock();
            if (state_.next_unbegun() && state_.waiting() == 0)
                pull(lock, mine_);
            if (state_.next_unbegun() && state_.waiting() != 0)
                state_.take(mine_.chunk, inside_ == 0 ? window_.share() : 1);
            // Those who came while this thread pulled have found nothing and left.
            if (worker_wanted())
                reopen(lock);
            lock.unlock();
        } catch (const std::logic_error&) {
            refuse();
        }
        return true;
    }

    void wait(std::unique_lock<std::mutex>& lock) {
        if (window_.items_are_quick() && !enough_to_wake_for() && napped_for_ != ring_.consumed()) {
            napped_for_ = ring_.consumed();
            nap(lock);
        } else {
            sleep(lock);
        }
    }

    // Quick items are worth no wake-up each: results gather for a moment, some ten times as long as
    // a wake-up takes.
    void nap(std::unique_lock<std::mutex>& lock) {
        constexpr std::chrono::microseconds a_moment{50};
        constexpr double not_quick = 50'000; // nanoseconds
        waits_ = how::napping;
        const bool whole = came_.wait_for(lock, a_moment) == std::cv_status::timeout;
        waits_ = how::not_at_all;
        if (whole && !ring_.ready() && state_.taken() > ring_.consumed())
            window_.note(1, not_quick);
    }

    // Until the next result is there, or something to be done about it. Once in a while it looks
    // for itself: for what a pull that takes long may have pulled by then (if that is nothing, it
    // passes its first element on as soon as it has it), and for what was not published exactly.
    void sleep(std::unique_lock<std::mutex>& lock) {
        std::chrono::milliseconds a_while{1};
        constexpr std::chrono::milliseconds longest{64};
        consumer_stuck_ = true;
        call_workers(lock);
        waits_ = how::sleeping;
        ring_.await_next();
        while (!can_go_on() && came_.wait_for(lock, a_while) == std::cv_status::timeout)
            a_while = std::min(2 * a_while, longest);
        ring_.await_nothing();
        waits_ = how::not_at_all;
        consumer_stuck_ = false;
    }

    [[nodiscard]] bool can_go_on() const noexcept {
        return ring_.ready() || state_.exhausted() || state_.next_unbegun();
    }

    // As for a consumer who naps.
    [[nodiscard]] bool enough_to_wake_for() const noexcept {
        return inside_ == 0 || state_.exhausted() ||
               2 * (state_.taken() - ring_.consumed()) >= window_.width();
    }

    void tell_consumer() noexcept override {
        if (waits_ == how::sleeping ? can_go_on() : waits_ == how::napping && enough_to_wake_for())
            came_.notify_one();
    }

    void result_came() noexcept override {
        {
            const std::lock_guard lock(mutex_);
            if (waits_ != how::sleeping)
                return;
        }
        came_.notify_one();
    }

    // The first time at the end, lets out what has to leave the stream.
    void settle(std::unique_lock<std::mutex>& lock) {
        if (std::exchange(settled_, true))
            return;
        lock.unlock();
        // Until workers have gone, more may run and be counted. An item's failure needs no count,
        // and may leave while others' items still run.
        if (ending_.interrupted() || ending_.limit() == no_index)
            close();
        lock.lock();
        const std::size_t done = done_ + done_here_;
        lock.unlock();
        if (const std::exception_ptr why = ending_.settle(done))
            std::rethrow_exception(why);
    }

    void close() {
        if (std::exchange(opened_, false))
            team_->close(*this);
    }

    enum class how { not_at_all, napping, sleeping };

    const std::size_t total_;
    site_memory& memory_;
    std::condition_variable came_;
    how waits_ = how::not_at_all; // under the mutex

    // The consumer's.
    std::size_t last_look_ = 0;
    std::size_t look_every_ = 1;
    std::size_t napped_for_ = no_index;
    std::size_t done_here_ = 0;
    bool over_ = false;
    bool settled_ = false;
};

} // namespace parmap::detail
