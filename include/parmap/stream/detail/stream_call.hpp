// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/core/schedule.hpp>
#include <parmap/runtime/detail/ending.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/detail/ticks.hpp>
#include <parmap/runtime/pool.hpp>
#include <parmap/stream/detail/segment.hpp>
#include <parmap/stream/detail/stream_source.hpp>
#include <parmap/stream/detail/stream_state.hpp>
#include <parmap/stream/detail/stream_window.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace parmap::detail {

/// A stream in progress: workers pull elements and run them ahead of a consumer, who takes the
/// results and never has more than a window of them under way. Where nobody has begun what the
/// consumer waits for, it does so itself.
///
/// A thread for which nothing waits pulls a batch of neighbours, one thread at a time; these become
/// a piece, which is begun in its turn, broken off if it takes long, and handed over with its
/// results.
///
/// Threads: `start`, `next`, `consume` and the destructor are the consumer's, which may be one
/// thread after another.
class stream_call final : public shared_call {
public:
    /// `total` is 0 where the range does not know its size. `memory` is what the call site
    /// remembers of earlier streams.
    stream_call(stream_source& source, const options& options, delivery order, std::size_t total,
                site_memory& memory)
        : source_(source), pool_size_(pool_of(options).size()),
          team_(pool_access::team_of(pool_of(options)).shared_from_this()), total_(total),
          memory_(memory), helpers_(options.schedule == schedule::serial ? 0 : pool_size_),
          ending_(options, total), window_(options, pool_size_, memory.item_time()), state_(order) {
    }

    ~stream_call() {
        {
            const std::lock_guard lock(mutex_);
            state_.end_at(0);
        }
        close();
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
        const bool known = window_.item_time() > 0;
        opened_ = true;
        team_->open(*this, known ? window_.worth_waking(first) : std::min(helpers_, first));
    }

    /// The next piece with results, which is the consumer's until it asks again; null at the end.
    /// Errors: what an item, the source or the listener threw; `operation_cancelled`;
    /// std::logic_error if the pool has been shut down. Blocking: until there is a result.
    piece* next() {
        std::unique_lock lock(mutex_);
        current_.clear();
        while (!over_) {
            call_workers(lock);
            if (state_.deliverable()) {
                state_.deliver(current_);
                return &current_.front();
            }
            if (state_.exhausted()) {
                over_ = true;
            } else if (!work_as_consumer(lock)) {
                wait(lock);
            }
        }
        settle(lock);
        return nullptr;
    }

    /// The consumer asks for the result after the present one.
    void consume() noexcept {
        window_.consume();
        if (window_.consumed() - last_look_ >= look_every_) {
            std::unique_lock lock(mutex_);
            call_workers(lock);
        }
    }

private:
    // A thread at work on the stream.
    struct runner {
        explicit runner(const stream_call& call) noexcept
            : eye(call.ending_.interruption()), speed(call.window_.item_time(), 0) {}

        watch eye;
        pace speed;
        pieces mine = {};
    };

    // What one thread pulls at a time.
    struct pull {
        std::size_t first;
        std::size_t most;
        pieces pulled = {};
        bool goes_on = true;
        bool interrupted = false;
        std::exception_ptr error = {};
    };

    static pool& pool_of(const options& options) {
        return options.pool != nullptr ? *options.pool : default_pool();
    }

    void work() noexcept override {
        const team::presence here(*team_);
        runner me(*this);
        std::unique_lock lock(mutex_);
        ++inside_;
        called_ = false;
        while (worker_can_begin()) {
            if (begin(lock, me)) {
                if (worker_wanted())
                    reopen(lock);
                run(lock, me);
            }
        }
        --inside_;
    }

    bool work_added() noexcept override {
        const std::lock_guard lock(mutex_);
        return called_ = worker_can_begin();
    }

    bool worker_can_begin() const noexcept {
        return state_.busy() < pool_size_ && !team_->closed() &&
               (state_.piece_waits() ||
                (state_.may_pull() && window_.worth_waking(window_.room(state_.pulled()))));
    }

    bool worker_wanted() const noexcept {
        return inside_ < helpers_ && !called_ && worker_can_begin();
    }

    // With a presence on the team: else the pool might be shut down meanwhile.
    void reopen(std::unique_lock<std::mutex>& lock) {
        called_ = true;
        lock.unlock();
        team_->reopen(*this, 1, helpers_);
        lock.lock();
    }

    // As the consumer, who has made room.
    void call_workers(std::unique_lock<std::mutex>& lock) {
        last_look_ = window_.consumed();
        look_every_ = std::max<std::size_t>(window_.width() / 8, 1);
        if (!opened_ || !worker_wanted())
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

    // Takes a piece in hand. False if there is none.
    bool begin(std::unique_lock<std::mutex>& lock, runner& me) noexcept {
        if (!state_.piece_waits() && state_.may_pull())
            pull_batch(lock, me);
        const bool begun = state_.piece_waits();
        if (begun)
            state_.take(me.mine, batch(me));
        tell_consumer();
        return begun;
    }

    std::size_t batch(const runner& me) const noexcept {
        const std::size_t share = window_.share();
        return window_.grained() ? share : me.speed.block(share);
    }

    void pull_batch(std::unique_lock<std::mutex>& lock, runner& me) noexcept {
        const std::size_t first = state_.pulled();
        // A chosen window may have shrunk since there was room for one.
        const std::size_t room = std::max<std::size_t>(window_.room(first), 1);
        pull now{first, std::min(batch(me), room)};
        state_.begin_pull();
        lock.unlock();
        try {
            pull_from_source(now, me.eye);
        } catch (...) {
            now.goes_on = false;
            now.error = std::current_exception();
        }
        lock.lock();
        state_.end_pull(now.pulled, now.goes_on);
        // What the source throws is the failure of the element that it would have given.
        if (now.error)
            fail(state_.pulled(), now.error);
        if (now.interrupted) {
            ending_.leave_out(state_.pulled());
            state_.end_at(state_.pulled());
        }
    }

    void pull_from_source(pull& now, watch& eye) {
        const std::uint64_t begin = ticks();
        now.goes_on = source_.more();
        if (!now.goes_on)
            return;
        now.interrupted = eye() && eye.interrupted();
        if (now.interrupted)
            return;
        const std::shared_ptr<segment> room = source_.open(now.first, now.most);
        now.pulled.emplace_back(room, interval{now.first, now.first});
        {
            const std::lock_guard lock(mutex_);
            state_.open(room);
        }
        now.goes_on = source_.fill(now.most, begin);
    }

    void fail(std::size_t index, std::exception_ptr error) noexcept {
        ending_.fail(index, std::move(error));
        state_.end_at(index);
    }

    // Runs the piece in hand, or as much of it as can be run in some time.
    void run(std::unique_lock<std::mutex>& lock, runner& me) noexcept {
        lock.unlock();
        piece& now = me.mine.front();
        pieces rest;
        bool goes_on = true;
        while (goes_on && now.at != now.items.end && now.items.begin < state_.limit() &&
               !break_off(now, rest)) {
            goes_on = run_some(now, me);
        }
        lock.lock();
        if (!goes_on)
            state_.end_at(now.at);
        done_ += now.at - now.items.begin;
        state_.end_run(me.mine, rest);
        tell_consumer();
    }

    // False if it broke off for good.
    bool run_some(piece& now, runner& me) noexcept {
        const std::size_t first = now.at;
        piece_watch eye(me.eye, state_.limit(), now.items.begin);
        me.eye.begin_block();
        me.speed.begin();
        const bool goes_on = ending_.run(now.at, me.eye, [&](std::size_t& at) {
            now.where->run({first, now.items.end}, at, eye);
        });
        if (now.at != first) {
            const double time = me.speed.end(now.at - first);
            window_.note(now.at - first, time);
            ending_.count(now.at - first, time);
        }
        return goes_on;
    }

    // The results of a piece that takes long are not kept from the consumer, nor its items from
    // other threads. False if nothing has been run so far, or memory is short.
    static bool break_off(piece& now, pieces& rest) noexcept {
        if (now.at == now.items.begin)
            return false;
        try {
            rest.emplace_back(now.where, interval{now.at, now.items.end});
            now.items.end = now.at;
            return true;
        } catch (...) {
            return false;
        }
    }

    // Begins and runs what the consumer waits for. False if another thread has begun it.
    bool work_as_consumer(std::unique_lock<std::mutex>& lock) {
        if (!state_.head_unbegun())
            return false;
        lock.unlock();
        try {
            const team::presence here(*team_);
            lock.lock();
            run_head(lock);
            lock.unlock();
        } catch (const std::logic_error&) {
            lock.lock();
            fail(state_.first_unbegun(), std::current_exception());
            return true;
        }
        lock.lock();
        return true;
    }

    void run_head(std::unique_lock<std::mutex>& lock) noexcept {
        if (!state_.head_unbegun())
            return;
        if (!state_.piece_waits() && state_.pulled_unnoticed()) {
            try {
                state_.take_from_pull();
            } catch (...) {
                return fail(state_.pulled(), std::current_exception());
            }
        }
        runner me(*this);
        if (begin(lock, me)) {
            run(lock, me);
        }
    }

    bool consumer_can_go_on() const noexcept {
        return state_.deliverable() || state_.exhausted() || state_.head_unbegun();
    }

    void tell_consumer() noexcept {
        if (consumer_waits_ && consumer_can_go_on())
            ready_.notify_one();
    }

    // A pull that takes long is looked at once, for what it may have pulled by then: if that is
    // nothing, it passes its first element on as soon as it has it.
    void wait(std::unique_lock<std::mutex>& lock) {
        constexpr std::chrono::milliseconds a_while{1};
        consumer_waits_ = true;
        if (state_.pulling() && looked_at_ != state_.pulls()) {
            looked_at_ = state_.pulls();
            ready_.wait_for(lock, a_while, [this] { return consumer_can_go_on(); });
        } else {
            ready_.wait(lock, [this] { return consumer_can_go_on(); });
        }
        consumer_waits_ = false;
    }

    // The first time at the end, lets out what has to leave the stream.
    void settle(std::unique_lock<std::mutex>& lock) {
        if (std::exchange(settled_, true))
            return;
        const std::size_t done = done_;
        lock.unlock();
        if (ending_.interrupted())
            close(); // only then can nobody be about to tell why
        if (const std::exception_ptr why = ending_.settle(done))
            std::rethrow_exception(why);
    }

    void close() {
        if (std::exchange(opened_, false))
            team_->close(*this);
    }

    stream_source& source_;
    const std::size_t pool_size_;
    const std::shared_ptr<team> team_;
    const std::size_t total_;
    site_memory& memory_;
    std::size_t helpers_;
    ending ending_;
    stream_window window_;
    bool opened_ = false;

    std::mutex mutex_; // taken after the team's, if both are
    std::condition_variable ready_;
    stream_state state_;
    std::size_t inside_ = 0; // workers
    bool called_ = false;    // one more, who has not come yet
    std::size_t done_ = 0;
    bool consumer_waits_ = false;

    // The consumer's.
    pieces current_;
    std::size_t last_look_ = 0;
    std::size_t look_every_ = 1;
    std::size_t looked_at_ = 0;
    bool over_ = false;
    bool settled_ = false;
};

} // namespace parmap::detail
