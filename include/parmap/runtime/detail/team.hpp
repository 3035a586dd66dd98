// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>
#include <parmap/runtime/detail/tbb_backend.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

namespace parmap::detail {

using clock = std::chrono::steady_clock;

/// A call, as the workers of a team see it: something to join while it stands in the team's list.
class shared_call {
public:
    shared_call(const shared_call&) = delete;
    shared_call& operator=(const shared_call&) = delete;

protected:
    shared_call() = default;
    ~shared_call() = default;

private:
    friend class team;

    /// Works on the call until nothing is left that this thread could begin.
    virtual void work() noexcept = 0;

    /// Whether a worker that leaves should come back: something has been added meanwhile.
    virtual bool work_added() noexcept { return false; }

    // All guarded by the team's mutex; `active_` is atomic so that the caller may spin on it.
    std::size_t room_ = 0; // how many more workers may join
    std::atomic<std::size_t> active_ = 0;
    bool waited_for_ = false;
    std::condition_variable idle_;
    shared_call* next_ = nullptr;
    shared_call* previous_ = nullptr;
};

class team;

/// Teams whose pool is gone and whose last visits have not ended: a visit that the process never
/// gets round to is no leak.
class retired_teams {
public:
    void add(team& team) noexcept;
    void remove(team& team) noexcept;

    // Never destroyed: visits may still end while the process exits.
    static retired_teams& of_process() {
        static retired_teams& teams = *new retired_teams;
        return teams;
    }

private:
    std::mutex mutex_;
    team* first_ = nullptr;
};

/// The workers of a pool and the calls that they may join.
///
/// A caller lists its call, works on it itself, takes it off the list and waits for the workers
/// that have joined. It never waits for a worker that has not come: a worker's visit is not bound
/// to a call, finds what is listed when it begins, and goes away if that is nothing.
///
/// Threads: every member may be called concurrently.
class team : public std::enable_shared_from_this<team> {
public:
    explicit team(std::size_t workers) : workers_(workers), threads_(std::in_place, workers) {
        retired_teams::of_process(); // made now, so that retiring needs no memory
    }

    /// This thread's being inside a call on a team, for as long as the object lives.
    class membership {
    public:
        explicit membership(const team& team) noexcept : team_(team), outer_(innermost()) {
            innermost() = this;
        }

        ~membership() { innermost() = outer_; }

        membership(const membership&) = delete;
        membership& operator=(const membership&) = delete;

        /// Whether this thread is inside a call on `team`.
        static bool of(const team& team) noexcept {
            const membership* m = innermost();
            while (m != nullptr && &m->team_ != &team)
                m = m->outer_;
            return m != nullptr;
        }

    private:
        static const membership*& innermost() noexcept {
            static thread_local const membership* innermost = nullptr;
            return innermost;
        }

        const team& team_;
        const membership* outer_;
    };

    /// A call in progress on a team: shutting down waits for it.
    /// Errors: std::logic_error if the pool has been shut down.
    class presence {
    public:
        explicit presence(team& team)
            : team_(team), nested_(membership::of(team)), membership_(team) {
            const std::lock_guard lock(team_.mutex_);
            if (!nested_ && team_.closed()) {
                refuse();
            }
            ++team_.calls_;
        }

        ~presence() {
            const std::lock_guard lock(team_.mutex_);
            if (--team_.calls_ == 0 && team_.closed())
                team_.quiet_.notify_all();
        }

        presence(const presence&) = delete;
        presence& operator=(const presence&) = delete;

    private:
        team& team_;
        bool nested_; // in a call that shutting down waits for
        membership membership_;
    };

    /// How many workers may come at present.
    [[nodiscard]] std::size_t available() const {
        return workers_ == 0 ? 0 : threads_->available();
    }

    /// Lists a call, so that up to `helpers` workers join it. Blocking: no.
    void open(shared_call& call, std::size_t helpers) {
        std::unique_lock lock(mutex_);
        link(call);
        make_room(call, helpers, lock);
    }

    /// Has up to `more` further workers come to a listed call, `helpers` at most being there at
    /// once, where some may have left for want of anything to do. Blocking: no.
    void reopen(shared_call& call, std::size_t more, std::size_t helpers) {
        std::unique_lock lock(mutex_);
        const std::size_t active = call.active_.load(std::memory_order_relaxed);
        const std::size_t room = std::min(more, helpers - std::min(active, helpers));
        make_room(call, room - std::min(call.room_, room), lock);
    }

    /// Takes a call off the list. Blocking: until the workers that have joined it are done.
    void close(shared_call& call) {
        std::unique_lock lock(mutex_);
        unlink(call);
        if (call.active_.load(std::memory_order_relaxed) == 0)
            return;
        lock.unlock();
        if (spin_until_idle(call))
            return;
        lock.lock();
        call.waited_for_ = true;
        call.idle_.wait(lock, [&] { return call.active_.load(std::memory_order_relaxed) == 0; });
    }

    /// Whether a worker is awake and looking for work, or was a moment ago.
    [[nodiscard]] bool warm(clock::time_point now) const noexcept {
        const clock::time_point last{clock::duration{last_call_.load(std::memory_order_relaxed)}};
        return now - last < warm_time;
    }

    void note_call(clock::time_point now) noexcept {
        last_call_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    }

    [[nodiscard]] bool closed() const noexcept { return closed_.load(std::memory_order_relaxed); }

    /// Refuses further calls, and gives the threads back. Blocking: until the calls in progress
    /// have ended. Errors: std::logic_error from inside such a call.
    void shut_down() {
        if (membership::of(*this)) {
            throw std::logic_error("parmap::pool: shut down from inside a call that runs on it");
        }
        std::unique_lock lock(mutex_);
        closed_.store(true, std::memory_order_relaxed);
        quiet_.wait(lock, [&] { return calls_ == 0; });
        // Here, not when a late visit drops the last reference: that may be while the process
        // exits.
        threads_.reset();
        if (visits_ != 0 && !awaited_) {
            awaited_ = true;
            retired_teams::of_process().add(*this);
        }
    }

    /// Errors: std::logic_error after `shut_down`, but inside a call that it still waits for.
    void require_open() const {
        if (closed() && !membership::of(*this)) {
            refuse();
        }
    }

private:
    friend class retired_teams;

    // How long workers stay warm after a call: oneTBB's own keep looking for about as long.
    static constexpr std::chrono::microseconds warm_time{200};
    static constexpr std::chrono::microseconds spin_time{50};

    [[noreturn]] static void refuse() {
        throw std::logic_error("parmap::pool: used after shutdown()");
    }

    void link(shared_call& call) noexcept {
        call.next_ = first_;
        if (first_ != nullptr)
            first_->previous_ = &call;
        first_ = &call;
    }

    void unlink(shared_call& call) noexcept {
        withdraw_room(call);
        if (call.previous_ != nullptr)
            call.previous_->next_ = call.next_;
        if (call.next_ != nullptr)
            call.next_->previous_ = call.previous_;
        if (first_ == &call)
            first_ = call.next_;
    }

    void withdraw_room(shared_call& call) noexcept {
        room_.store(room_.load(std::memory_order_relaxed) - call.room_, std::memory_order_relaxed);
        call.room_ = 0;
    }

    void make_room(shared_call& call, std::size_t helpers, std::unique_lock<std::mutex>& lock) {
        call.room_ += helpers;
        const std::size_t wanted = room_.load(std::memory_order_relaxed) + helpers;
        room_.store(wanted, std::memory_order_relaxed);
        const std::size_t coming = looking_ + sent_;
        if (wanted <= coming)
            return;
        const std::size_t missing = std::min(wanted - coming, workers_ - visits_);
        visits_ += missing;
        sent_ += missing;
        lock.unlock();
        send(missing);
    }

    // What oneTBB keeps until a thread comes. It lets go of the team as the visit ends, not when
    // oneTBB gets round to destroying it.
    class sent_visit {
    public:
        explicit sent_visit(std::shared_ptr<team> team) noexcept : team_(std::move(team)) {}
        void operator()() const noexcept { std::exchange(team_, nullptr)->visit(); }

    private:
        mutable std::shared_ptr<team> team_;
    };

    // Without memory for a visit the call goes on with fewer workers.
    void send(std::size_t visits) noexcept {
        while (visits != 0) {
            try {
                threads_->send(sent_visit(shared_from_this()));
            } catch (...) {
                const std::lock_guard lock(mutex_);
                visits_ -= visits;
                sent_ -= visits;
                return;
            }
            --visits;
        }
    }

    void visit() noexcept {
        bool last = false;
        {
            const membership here(*this);
            std::unique_lock lock(mutex_);
            --sent_;
            while (shared_call* call = next_call(lock)) {
                lock.unlock();
                call->work();
                lock.lock();
                leave(*call);
            }
            last = --visits_ == 0 && awaited_;
        }
        if (last) {
            retired_teams::of_process().remove(*this);
        }
    }

    shared_call* next_call(std::unique_lock<std::mutex>& lock) noexcept {
        for (;;) {
            if (shared_call* call = join_first())
                return call;
            ++looking_;
            lock.unlock();
            const bool seen = spin_until_room();
            lock.lock();
            --looking_;
            if (!seen && room_.load(std::memory_order_relaxed) == 0)
                return nullptr;
        }
    }

    shared_call* join_first() noexcept {
        shared_call* call = first_;
        while (call != nullptr && call->room_ == 0)
            call = call->next_;
        if (call == nullptr)
            return nullptr;
        --call->room_;
        room_.store(room_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
        call->active_.fetch_add(1, std::memory_order_relaxed);
        return call;
    }

    // A worker that leaves has found nothing to begin, so that nobody else need come. Once the
    // count is 0 the caller may return and the call be gone, unless the caller sleeps: it wakes
    // only under the mutex held here.
    void leave(shared_call& call) noexcept {
        if (call.work_added()) {
            ++call.room_;
            room_.store(room_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        } else {
            withdraw_room(call);
        }
        const bool waited_for = call.waited_for_;
        if (call.active_.fetch_sub(1, std::memory_order_release) == 1 && waited_for) {
            call.idle_.notify_one();
        }
    }

    bool spin_until_room() const noexcept {
        return spin([this] { return room_.load(std::memory_order_relaxed) != 0; });
    }

    static bool spin_until_idle(const shared_call& call) noexcept {
        return spin([&] { return call.active_.load(std::memory_order_acquire) == 0; });
    }

    // Spins hard at first, then lets other threads have the core in between.
    template <class Condition>
    static bool spin(Condition condition) noexcept {
        for (int i = 0; i < 200; ++i) {
            if (condition())
                return true;
            pause();
        }
        const clock::time_point end = clock::now() + spin_time;
        while (clock::now() < end) {
            if (condition())
                return true;
            std::this_thread::yield();
        }
        return condition();
    }

    const std::size_t workers_;
    std::mutex mutex_;
    std::condition_variable quiet_;
    shared_call* first_ = nullptr;
    std::atomic<std::size_t> room_ = 0; // in all listed calls together
    std::size_t visits_ = 0;            // sent and not yet ended
    std::size_t sent_ = 0;              // sent and not yet begun
    std::size_t looking_ = 0;           // begun, with nothing to do
    std::size_t calls_ = 0;             // in progress
    bool awaited_ = false;              // retired, with visits that have not ended
    std::shared_ptr<team> kept_;        // itself, while it is awaited
    team* next_retired_ = nullptr;
    std::atomic<bool> closed_ = false;
    std::atomic<clock::rep> last_call_ = 0;
    std::optional<worker_threads> threads_; // until the team is shut down
};

inline void retired_teams::add(team& team) noexcept {
    const std::lock_guard lock(mutex_);
    team.kept_ = team.shared_from_this();
    team.next_retired_ = std::exchange(first_, &team);
}

inline void retired_teams::remove(team& team) noexcept {
    const std::lock_guard lock(mutex_);
    detail::team** at = &first_;
    while (*at != &team) {
        at = &(*at)->next_retired_;
    }
    *at = team.next_retired_;
    team.kept_.reset(); // the visit that calls this holds another
}

} // namespace parmap::detail
