// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/awaiter.hpp>
#include <parmap/async/detail/state.hpp>
#include <parmap/async/detail/value_state.hpp>
#include <parmap/async/detail/work.hpp>
#include <parmap/core/options.hpp>
#include <parmap/core/progress.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace parmap {

/// How long the work behind a future took, and how long its items took together.
struct timing {
    std::chrono::nanoseconds wall{};   ///< from the work's begin to its end, or until now
    std::chrono::nanoseconds serial{}; ///< the sum over items

    /// How many times faster than one item after another.
    [[nodiscard]] double speedup() const noexcept {
        return wall.count() > 0
                   ? static_cast<double>(serial.count()) / static_cast<double>(wall.count())
                   : 1.0;
    }
};

namespace detail {

struct future_access;

/// When a time from now will be over: `no_deadline` for longer than a clock may count.
template <class Rep, class Period>
std::chrono::steady_clock::time_point
time_after(const std::chrono::duration<Rep, Period>& time) noexcept {
    using std::chrono::steady_clock;
    constexpr std::chrono::duration<double> century = std::chrono::hours(100 * 365 * 24);
    const std::chrono::duration<double> about = time; // which no unit overflows
    if (about >= century)
        return no_deadline;
    if (!(about > std::chrono::duration<double>::zero()))
        return steady_clock::now();
    return steady_clock::now() + std::chrono::ceil<steady_clock::duration>(time);
}

} // namespace detail

/// A callable goes on with the value of a `future<T>`, after a stop token if it takes one.
template <class F, class T>
concept continuation_of =
    (std::is_void_v<T> && detail::async_callable<std::decay_t<F>>) ||
    (!std::is_void_v<T> &&
     detail::async_callable<std::decay_t<F>, std::conditional_t<std::is_void_v<T>, int, T>>);

/// The result of work that goes on by itself on a pool. To be moved, not copied.
///
/// Work starts by itself on a worker. Who waits for it runs it where nobody has begun it, and
/// nothing else; else sleeps. A future that is destroyed before its work has ended asks it to stop
/// and joins: what has not begun never runs, what has begun is waited for.
///
/// Threads: one future is one thread's at a time; different ones are independent.
/// Errors: what the work throws leaves `get()`; work that was stopped before it began ends with
/// `operation_cancelled`.
///
/// Example: examples/09_async.cpp
template <class T>
class [[nodiscard]] future {
public:
    /// What `get()` returns.
    using value_type = T;

    /// A future of nothing: `valid()` is false.
    future() = default;

    /// Takes the work over; `other` is left a future of nothing.
    future(future&& other) noexcept = default;

    /// Stops and joins its own work first. Blocking: until that has ended.
    future& operator=(future&& other) noexcept {
        if (this != &other) {
            stop_and_join();
            state_ = std::move(other.state_);
            taken_ = other.taken_;
        }
        return *this;
    }

    /// Asks work that has not ended to stop. Blocking: until it has ended.
    ~future() { stop_and_join(); }

    /// Whether `get()` may be called.
    [[nodiscard]] bool valid() const noexcept { return state_ && !taken_; }

    /// The value, once. Errors: what the work threw; std::logic_error if it has been got before, or
    /// from inside the work itself. Blocking: until the work has ended.
    T get() {
        wait();
        taken_ = true;
        if (std::exception_ptr error = state_->take_error())
            std::rethrow_exception(std::move(error));
        return state_->take();
    }

    /// Waits for the work, which this thread runs where nobody has begun it.
    void wait() const {
        require_valid();
        if (!state_->ready() && !state_->wait())
            throw std::logic_error("parmap::future: waited for from inside its own work");
    }

    /// Whether the work has ended within a time, however long or short. Runs nothing.
    template <class Rep, class Period>
    [[nodiscard]] bool wait_for(const std::chrono::duration<Rep, Period>& time) const {
        return wait_until(detail::time_after(time));
    }

    /// Whether the work has ended by a time. Runs nothing.
    template <class Clock, class Duration>
    [[nodiscard]] bool wait_until(const std::chrono::time_point<Clock, Duration>& time) const {
        require_valid();
        return state_->wait_until(time);
    }

    /// Whether the work has ended. Runs nothing.
    [[nodiscard]] bool is_ready() const {
        require_valid();
        return state_->ready();
    }

    /// Goes on with the value on the same pool: `f(value)`, `f()` for a future of void. An error
    /// passes `f` by. The future returned takes this one over: its stop and its destruction reach
    /// the whole chain.
    template <class F>
        requires continuation_of<F, T>
    auto then(F&& f) && {
        require_valid();
        using state = detail::continued_state<std::decay_t<F>, T>;
        using result = typename detail::continued<std::decay_t<F>, T>::result;
        detail::state_ptr<state> next(new state(state_->home(), std::forward<F>(f)));
        next->follow(std::move(state_));
        return future<result>(detail::state_ptr<detail::value_state<result>>(std::move(next)));
    }

    /// Asks the work to stop, and what it goes on from. Blocking: no.
    void request_stop() noexcept {
        if (state_)
            state_->request_stop();
    }

    /// Lets the work go on by itself.
    void detach() noexcept { state_ = {}; }

    /// How many items have run. Readable after `get()`.
    [[nodiscard]] parmap::progress progress() const {
        require_state();
        return {state_->record().done.load(), state_->record().total.load()};
    }

    /// What the work took. Readable after `get()`.
    [[nodiscard]] parmap::timing timing() const {
        require_state();
        return {state_->wall(), state_->serial()};
    }

    /// Waits in a coroutine, which goes on on the future's pool. The coroutine must not be
    /// destroyed meanwhile.
    auto operator co_await() && {
        require_valid();
        return detail::future_awaiter<T, future>(std::move(*this));
    }

private:
    template <class U>
    friend class future;
    friend struct detail::future_access;

    explicit future(detail::state_ptr<detail::value_state<T>> state) noexcept
        : state_(std::move(state)) {}

    void require_state() const {
        if (!state_)
            throw std::logic_error("parmap::future: has no work");
    }

    void require_valid() const {
        require_state();
        if (taken_)
            throw std::logic_error("parmap::future: its value has been got");
    }

    void stop_and_join() noexcept {
        if (state_ && !taken_)
            detail::stop_and_join(*state_);
    }

    detail::state_ptr<detail::value_state<T>> state_;
    bool taken_ = false;
};

namespace detail {

struct future_access {
    template <class T>
    static future<T> make(state_ptr<value_state<T>> state) noexcept {
        return future<T>(std::move(state));
    }

    template <class T>
    static value_state<T>& state_of(const future<T>& future) {
        future.require_valid();
        return *future.state_;
    }
};

template <class T, class Future>
async_state& future_awaiter<T, Future>::state() const {
    return future_access::state_of(future_);
}

/// Gives new work to its team. Errors: std::logic_error if the pool has been shut down.
template <class R, class State>
future<R> start(state_ptr<State> state) {
    if (!state->begin())
        throw std::logic_error("parmap::pool: used after shutdown()");
    return future_access::make<R>(state_ptr<value_state<R>>(std::move(state)));
}

} // namespace detail

} // namespace parmap
