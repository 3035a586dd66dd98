// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/dependencies.hpp>
#include <parmap/async/detail/state_ptr.hpp>
#include <parmap/core/errors.hpp>
#include <parmap/runtime/detail/call_record.hpp>
#include <parmap/runtime/detail/membership.hpp>
#include <parmap/runtime/detail/task.hpp>
#include <parmap/runtime/detail/team.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace parmap::detail {

/// Something to be told once a state is ready; it stands in the state's list until then.
class ready_listener {
public:
    ready_listener(const ready_listener&) = delete;
    ready_listener& operator=(const ready_listener&) = delete;

    /// On the thread that made the state ready. The listener may be gone afterwards.
    virtual void on_ready() noexcept = 0;

protected:
    ready_listener() = default;
    ~ready_listener() = default;

private:
    friend class async_state;
    ready_listener* next_listener_ = nullptr;
};

/// What a future and the work that it stands for share: how far the work is, and how it ended.
///
/// Work is blocked until what it depends on is ready, then queued with its team, then run once, by
/// a worker or by whoever waits for it; work that was asked to stop before it began is not run and
/// ends as cancelled. A reference of its own keeps the state alive until it is ready.
class async_state : public task {
public:
    enum class phase : std::uint8_t { blocked, queued, running, ready };

    explicit async_state(team& team) : team_(team.shared_from_this()) { record_.total = 1; }

    void add_reference() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }

    void drop_reference() noexcept {
        if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            delete this;
    }

    [[nodiscard]] team& home() const noexcept { return *team_; }

    [[nodiscard]] bool ready() const noexcept {
        return phase_.load(std::memory_order_acquire) == phase::ready;
    }

    /// Whether the work waits for a thread.
    [[nodiscard]] bool queued() const noexcept {
        return phase_.load(std::memory_order_acquire) == phase::queued;
    }

    /// Gives work that nobody waits for yet to the team. False if the pool has been shut down: then
    /// nothing has happened.
    bool begin() noexcept {
        add_reference(); // until it is ready
        phase_.store(phase::queued, std::memory_order_release);
        if (team_->queue(*this))
            return true;
        phase_.store(phase::blocked, std::memory_order_release);
        drop_reference();
        return false;
    }

    /// Gives the work to the team, or ends it with an error if the pool has been shut down.
    void begin_or_fail() noexcept {
        const state_ptr<async_state> here(this);
        add_reference(); // until it is ready
        move_to(phase::queued);
        if (team_->queue(*this))
            return;
        error_ = std::make_exception_ptr(
            std::logic_error("parmap::future: its pool has been shut down"));
        become_ready();
    }

    /// Has a listener told when the state is ready. False if it is already: then it is not told.
    bool listen(ready_listener& listener) noexcept {
        const std::lock_guard lock(mutex_);
        if (ready())
            return false;
        listener.next_listener_ = std::exchange(listeners_, &listener);
        return true;
    }

    /// Asks this work, and all that it depends on, to stop. What has not begun will not run.
    void request_stop() noexcept {
        stop_this();
        dependencies<async_state> way(*this);
        while (state_ptr<async_state> next = way.step()) {
            next->stop_this();
            way.enter(std::move(next));
        }
    }

    [[nodiscard]] bool stop_requested() const noexcept {
        return stop_.load(std::memory_order_relaxed);
    }

    /// Waits until the state is ready. Who waits runs what it waits for, where nobody has begun it,
    /// and nothing else. False, without waiting, if this thread is inside of what would have to end
    /// first.
    bool wait() noexcept {
        state_ptr<async_state> at(this);
        waiting_path path; // from this to where `at` was found
        while (!ready()) {
            if (at->ready()) {
                at = path.empty() ? state_ptr<async_state>(this) : std::move(path.back());
                if (!path.empty())
                    path.pop_back();
            } else if (state_ptr<async_state> next = at->unready_dependency()) {
                remember(path, std::exchange(at, std::move(next)));
            } else if (at->runs_here()) {
                return false;
            } else if (!at->run_if_queued() && !turn_back(path, at)) {
                at->sleep();
            }
        }
        return true;
    }

    /// Runs, of what this depends on or of this itself, the first that could begin. False if
    /// somebody else has begun it.
    bool run_a_piece() noexcept {
        state_ptr<async_state> at(this);
        while (state_ptr<async_state> next = at->unready_dependency())
            at = std::move(next);
        return at->run_if_queued();
    }

    /// False if the state was not ready by then. Runs nothing.
    template <class Time>
    bool wait_until(const Time& time) {
        if (ready())
            return true;
        std::unique_lock lock(mutex_);
        return changed_.wait_until(lock, time, [this] { return ready(); });
    }

    /// Whether what this waits for could be begun by a waiting thread.
    [[nodiscard]] bool claimable() noexcept {
        state_ptr<async_state> at(this);
        while (state_ptr<async_state> next = at->unready_dependency())
            at = std::move(next);
        return at->queued();
    }

    [[nodiscard]] bool failed() const noexcept { return error_ != nullptr; }

    /// Once the state is ready, for whoever takes its result: the error is then that thread's
    /// alone, whichever lets go of the state last.
    [[nodiscard]] std::exception_ptr take_error() noexcept {
        return std::exchange(error_, nullptr);
    }

    call_record& record() noexcept { return record_; }

    [[nodiscard]] std::chrono::nanoseconds wall() const noexcept {
        const std::int64_t began = began_.load(std::memory_order_relaxed);
        const std::int64_t ended = ended_.load(std::memory_order_relaxed);
        return std::chrono::nanoseconds(began == 0   ? 0
                                        : ended == 0 ? now() - began
                                                     : ended - began);
    }

    /// The time of all items, or of the work where it has no items.
    [[nodiscard]] std::chrono::nanoseconds serial() const noexcept {
        return has_items_ ? std::chrono::nanoseconds(record_.busy_ns.load()) : wall();
    }

protected:
    virtual ~async_state() = default;

    /// Does the work and keeps its result, or throws.
    virtual void execute() = 0;

    /// Ends what the work would have taken over, since it will not run.
    virtual void cancel() noexcept {}

    /// Lets go of what only the work needed. Called before the state is ready.
    virtual void release() noexcept = 0;

    /// Asks running work to stop.
    virtual void stop_work() noexcept {}

    /// What has to be ready before this work can begin, and is not; null if nothing is.
    virtual state_ptr<async_state> unready_dependency() noexcept { return {}; }

    /// Whether one of several dependencies is enough.
    [[nodiscard]] virtual bool one_is_enough() const noexcept { return false; }

    /// Dependency `index`, ready or not, while this work has not let go of it; null behind the
    /// last.
    virtual state_ptr<async_state> dependency(std::size_t) noexcept { return {}; }

    /// Instead of being one item itself.
    void work_has_items() noexcept {
        has_items_ = true;
        record_.total = 0;
    }

    std::mutex& mutex() noexcept { return mutex_; }

private:
    friend class dependencies<async_state>;

    static std::int64_t now() noexcept {
        return std::chrono::nanoseconds(clock::now().time_since_epoch()).count();
    }

    void move_to(phase next) noexcept {
        const std::lock_guard lock(mutex_);
        phase_.store(next, std::memory_order_release);
        changed_.notify_all();
    }

    void run() noexcept final {
        runner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        phase_.store(phase::running, std::memory_order_release);
        began_.store(now(), std::memory_order_relaxed);
        try {
            if (stop_requested()) {
                cancel();
                throw operation_cancelled(0, record_.total.load());
            }
            execute();
            if (!has_items_)
                record_.done.store(1, std::memory_order_relaxed);
        } catch (...) {
            error_ = std::current_exception();
        }
        ended_.store(now(), std::memory_order_relaxed);
        become_ready();
    }

    void become_ready() noexcept {
        release();
        ready_listener* next = nullptr;
        {
            const std::lock_guard lock(mutex_);
            phase_.store(phase::ready, std::memory_order_release);
            next = std::exchange(listeners_, nullptr);
            changed_.notify_all();
        }
        while (next != nullptr) {
            ready_listener& listener = *std::exchange(next, next->next_listener_);
            listener.on_ready();
        }
        drop_reference();
    }

    // Whether this thread is inside the work itself.
    [[nodiscard]] bool runs_here() const noexcept {
        return phase_.load(std::memory_order_acquire) == phase::running &&
               runner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    }

    // False if somebody else has begun the work, or it is blocked.
    bool run_if_queued() noexcept {
        if (!team_->claim(*this))
            return false;
        {
            const membership here(*team_);
            run();
        }
        team_->end_task();
        return true;
    }

    using waiting_path = std::vector<state_ptr<async_state>>;

    // What is forgotten for want of memory is found again from this, or from what is remembered.
    static void remember(waiting_path& path, state_ptr<async_state> at) noexcept {
        try {
            path.push_back(std::move(at));
        } catch (...) {
        }
    }

    // Somebody else has begun what was found: where another one would do as well, goes back there.
    static bool turn_back(waiting_path& path, state_ptr<async_state>& at) noexcept {
        for (std::size_t i = path.size(); i != 0; --i) {
            if (path[i - 1]->one_is_enough()) {
                at = std::move(path[i - 1]);
                path.resize(i - 1);
                return true;
            }
        }
        return false;
    }

    void stop_this() noexcept {
        stop_.store(true, std::memory_order_relaxed);
        stop_work();
    }

    // Until the work is queued or has ended.
    void sleep() noexcept {
        if (queued())
            return std::this_thread::yield(); // a thread has just taken it
        if (spin_until([this] { return ready() || queued(); }))
            return;
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return ready() || queued(); });
    }

    std::atomic<std::size_t> references_ = 0;
    std::atomic<phase> phase_ = phase::blocked;
    std::atomic<bool> stop_ = false;
    bool has_items_ = false;
    const std::shared_ptr<team> team_; // the state may outlive the pool
    std::mutex mutex_;
    std::condition_variable changed_;
    ready_listener* listeners_ = nullptr;
    std::exception_ptr error_;
    call_record record_;
    std::atomic<std::thread::id> runner_{};
    std::atomic<std::int64_t> began_ = 0;
    std::atomic<std::int64_t> ended_ = 0;
};

/// A state that keeps a value.
template <class T>
class value_state : public async_state {
public:
    using async_state::async_state;

    /// Once the state is ready, without an error.
    [[nodiscard]] T take() { return std::move(*value_); }

protected:
    std::optional<T> value_;
};

template <>
class value_state<void> : public async_state {
public:
    using async_state::async_state;
    void take() noexcept {}
};

/// Ends the work that a state stands for: what has not begun never runs, what has is waited for,
/// unless this thread is inside of it.
inline void stop_and_join(async_state& state) noexcept {
    if (state.ready())
        return;
    state.request_stop();
    static_cast<void>(state.wait());
}

} // namespace parmap::detail
