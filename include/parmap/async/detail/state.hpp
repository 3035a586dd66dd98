// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/dependencies.hpp>
#include <parmap/async/detail/parking.hpp>
#include <parmap/async/detail/state_ptr.hpp>
#include <parmap/async/detail/waiting.hpp>
#include <parmap/core/errors.hpp>
#include <parmap/runtime/detail/call_record.hpp>
#include <parmap/runtime/detail/membership.hpp>
#include <parmap/runtime/detail/spin.hpp>
#include <parmap/runtime/detail/task.hpp>
#include <parmap/runtime/detail/team.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>

namespace parmap::detail {

/// Something to be told once a state is ready; it stands in the state's list until then.
class ready_listener {
public:
    ready_listener(const ready_listener&) = delete;
    ready_listener& operator=(const ready_listener&) = delete;

    /// On the thread that made the state ready, which begins the work that is in `begun` then. The
    /// listener may be gone afterwards.
    virtual void on_ready(task_chain& begun) noexcept = 0;

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
    explicit async_state(team& team) : team_(team.shared_from_this()) { record_.total = 1; }

    void add_reference() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }

    void drop_reference() noexcept {
        if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            delete this;
    }

    [[nodiscard]] team& home() const noexcept { return *team_; }

    [[nodiscard]] bool ready() const noexcept {
        return listeners_.load(std::memory_order_acquire) == this;
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

    /// Work that has waited for others may begin: it is to be queued. A reference to it has been
    /// added, which it keeps until it is ready.
    void unblock(task_chain& begun) noexcept {
        change_phase(phase::queued);
        begun.push(*this);
    }

    /// Queues states, each with its team. Where the pool has been shut down they end with that
    /// error, and what goes on from them is begun in turn.
    static void begin_all(task_chain& begun) noexcept {
        while (task* const next = begun.pop()) {
            const state_ptr<async_state> state(static_cast<async_state*>(next)); // and its team
            if (!state->team_->queue(*state))
                state->fail_to_begin(begun);
        }
    }

    /// Has a listener told when the state is ready. False if it is already: then it is not told.
    bool listen(ready_listener& listener) noexcept {
        void* first = listeners_.load(std::memory_order_acquire);
        do {
            if (first == this)
                return false;
            listener.next_listener_ = static_cast<ready_listener*>(first);
        } while (!listeners_.compare_exchange_weak(first, &listener, std::memory_order_acq_rel,
                                                   std::memory_order_acquire));
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
        using found = waiting<async_state>::found;
        waiting<async_state> way(*this);
        for (;;) {
            const found what = way.run_a_piece();
            if (what == found::ended || what == found::itself)
                return what == found::ended;
            if (what == found::nothing)
                way.sleep();
        }
    }

    /// Runs, of what this depends on or of this itself, the first that could begin. False if
    /// somebody else has begun it.
    bool run_a_piece() noexcept {
        waiting<async_state> way(*this);
        return way.run_a_piece() == waiting<async_state>::found::piece;
    }

    /// False if the state was not ready by then. Runs nothing.
    template <class Time>
    bool wait_until(const Time& time) {
        if (ready())
            return true;
        const asleep here(*this);
        return parking::of(this).wait_until(time, [this] { return is_ready_exactly(); });
    }

    /// What a result that nobody will take holds is to end. False if some of that goes on; then
    /// `after`, which is blocked, is begun once it has ended, perhaps before this returns. To be
    /// called once the state is ready.
    virtual bool may_drop(async_state& /*after*/) noexcept { return true; }

    /// Of that, what has not ended.
    virtual state_ptr<async_state> unready_inside() noexcept { return {}; }

    /// Drops a result that nobody will take, once the state is ready, for whoever could have taken
    /// it: others may hold on to the state. Blocking: until what the result holds has ended.
    virtual void drop_result() noexcept { error_ = nullptr; }

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

    /// Whether work that will not run may end now. Else it is begun once more when it may, perhaps
    /// before this returns, and be gone.
    virtual bool may_cancel() noexcept { return true; }

    /// Lets go of what only the work needed. Called before the state is ready.
    virtual void release() noexcept = 0;

    /// Asks running work to stop.
    virtual void stop_work() noexcept {}

    /// What has to be ready before this work can begin, and is not; null if nothing is. Of several:
    /// the first from `part` on, which it leaves there.
    virtual state_ptr<async_state> unready_dependency(std::size_t& /*part*/) noexcept { return {}; }

    /// Whether there are several dependencies, which may be begun in any order.
    [[nodiscard]] virtual bool has_several() const noexcept { return false; }

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

    /// Guards which dependencies there are: others look while the work lets go of them.
    byte_mutex& mutex() noexcept { return mutex_; }

private:
    friend class dependencies<async_state>;
    friend class waiting<async_state>;

    enum class phase : std::uint8_t { blocked, queued, running }; // until it is ready

    static std::int64_t now() noexcept {
        return std::chrono::nanoseconds(clock::now().time_since_epoch()).count();
    }

    void run(task_chain& left) noexcept final {
        runner_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        phase_.store(phase::running, std::memory_order_release);
        began_.store(now(), std::memory_order_relaxed);
        const bool stopped = stop_requested();
        if (stopped) {
            if (!cancellable())
                return;
            phase_.store(phase::running, std::memory_order_release);
        }
        try {
            if (stopped) {
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
        end(left);
    }

    // What goes on from here is left to the same team, or begun elsewhere.
    void end(task_chain& left) noexcept {
        const team* const here = team_.get();
        task_chain begun;
        task_chain elsewhere;
        become_ready(begun);
        while (task* const next = begun.pop()) {
            const bool stays = static_cast<async_state*>(next)->team_.get() == here;
            (stays ? left : elsewhere).push(*next);
        }
        begin_all(elsewhere);
    }

    void fail_to_begin(task_chain& begun) noexcept {
        if (!cancellable())
            return;
        try {
            throw std::logic_error("parmap::future: its pool has been shut down");
        } catch (...) {
            error_ = std::current_exception(); // that, or no memory for its text
        }
        cancel();
        become_ready(begun);
    }

    // Whether work that will not run may end now. It is blocked, and begun once more if not.
    bool cancellable() noexcept {
        change_phase(phase::blocked);
        return may_cancel();
    }

    void become_ready(task_chain& begun) noexcept {
        release();
        void* const told = listeners_.exchange(this, std::memory_order_seq_cst);
        wake_sleepers();
        auto* next = static_cast<ready_listener*>(told);
        while (next != nullptr) {
            ready_listener& listener = *std::exchange(next, next->next_listener_);
            listener.on_ready(begun);
        }
        drop_reference();
    }

    // Whether this thread is inside the work itself.
    [[nodiscard]] bool runs_here() const noexcept {
        return phase_.load(std::memory_order_acquire) == phase::running && !ready() &&
               runner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
    }

    // For this thread to run the work. False if somebody else has begun it, or it is blocked.
    bool claim() noexcept {
        return phase_.load(std::memory_order_acquire) == phase::queued && team_->claim(*this);
    }

    void run_claimed(task_chain& left) noexcept {
        const membership here(*team_);
        run(left);
    }

    void stop_this() noexcept {
        stop_.store(true, std::memory_order_relaxed);
        stop_work();
    }

    // A thread is about to sleep until the phase changes or the state is ready. Who changes that
    // looks afterwards whether there is such a thread, in one order for both.
    class asleep {
    public:
        explicit asleep(async_state& state) noexcept : state_(state) { ++state_.sleepers_; }
        ~asleep() { --state_.sleepers_; }
        asleep(const asleep&) = delete;
        asleep& operator=(const asleep&) = delete;

    private:
        async_state& state_;
    };

    void change_phase(phase next) noexcept {
        phase_.store(next, std::memory_order_seq_cst);
        wake_sleepers();
    }

    void wake_sleepers() noexcept {
        if (sleepers_.load(std::memory_order_seq_cst) != 0)
            parking::of(this).wake_all();
    }

    [[nodiscard]] bool is_ready_exactly() const noexcept {
        return listeners_.load(std::memory_order_seq_cst) == this;
    }

    // Until the work is queued or has ended, or gone back to wait for others.
    void sleep() noexcept {
        until_changed([this](auto changed) { parking::of(this).wait(changed); });
    }

    void sleep_until(clock::time_point time) noexcept {
        until_changed([this, time](auto changed) { parking::of(this).wait_until(time, changed); });
    }

    template <class Wait>
    void until_changed(Wait wait) noexcept {
        const phase seen = phase_.load(std::memory_order_acquire);
        if (seen == phase::queued)
            return std::this_thread::yield(); // a thread has just taken it
        const auto changed = [this, seen] {
            return is_ready_exactly() || phase_.load(std::memory_order_seq_cst) != seen;
        };
        if (spin_until(changed))
            return;
        const asleep here(*this);
        wait(changed);
    }

    std::atomic<std::size_t> references_ = 0;
    std::atomic<std::uint32_t> sleepers_ = 0;
    std::atomic<phase> phase_ = phase::blocked;
    std::atomic<bool> stop_ = false;
    bool has_items_ = false;
    byte_mutex mutex_;
    const std::shared_ptr<team> team_; // the state may outlive the pool
    std::atomic<void*> listeners_ =
        nullptr; // the last one of a list; the state itself: it is ready
    std::exception_ptr error_;
    call_record record_;
    std::atomic<std::thread::id> runner_{};
    std::atomic<std::int64_t> began_ = 0;
    std::atomic<std::int64_t> ended_ = 0;
};

} // namespace parmap::detail
