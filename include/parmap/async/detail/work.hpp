// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/state.hpp>
#include <parmap/async/detail/value_state.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <tuple>
#include <type_traits>
#include <utility>

// What a future's callable is given, what it returns, and where it waits.

namespace parmap::detail {

template <class F, class... Args>
inline constexpr bool takes_stop_token = std::is_invocable_v<F, std::stop_token, Args...>;

template <class F, class... Args>
concept async_callable = takes_stop_token<F, Args...> || std::is_invocable_v<F, Args...>;

/// Calls `f` with a stop token first if it can be.
template <class F, class... Args>
decltype(auto) call_with_token(F&& f, const std::stop_source& stop, Args&&... args) {
    if constexpr (takes_stop_token<F, Args...>) {
        return std::invoke(std::forward<F>(f), stop.get_token(), std::forward<Args>(args)...);
    } else {
        return std::invoke(std::forward<F>(f), std::forward<Args>(args)...);
    }
}

template <class F, class... Args>
using async_result_t = std::decay_t<decltype(call_with_token(
    std::declval<F>(), std::declval<const std::stop_source&>(), std::declval<Args>()...))>;

/// A stop source where the work looks at it; otherwise none, and no memory for one.
template <bool Needed>
std::stop_source stop_source_if() {
    if constexpr (Needed) {
        return std::stop_source();
    } else {
        return std::stop_source(std::nostopstate);
    }
}

/// A state whose work is a callable's.
template <class R, bool TakesToken>
class callable_state : public value_state<R> {
public:
    using value_state<R>::value_state;

protected:
    // Keeps what `make()` returns.
    template <class Make>
    void keep(Make make) {
        if constexpr (std::is_void_v<R>) {
            make();
        } else {
            this->value_.emplace(make());
        }
    }

    void stop_work() noexcept override { stop_.request_stop(); }

    std::stop_source stop_ = stop_source_if<TakesToken>();
};

/// Work that depends on nothing: a callable and its arguments.
template <class F, class... Args>
class submitted_state final
    : public callable_state<async_result_t<F, Args...>, takes_stop_token<F, Args...>> {
    using base = callable_state<async_result_t<F, Args...>, takes_stop_token<F, Args...>>;

public:
    template <class... Given>
    explicit submitted_state(team& team, Given&&... given)
        : base(team), call_(std::in_place, std::forward<Given>(given)...) {}

private:
    void execute() override {
        this->keep([this]() -> decltype(auto) {
            return std::apply(
                [this](F& f, Args&... args) -> decltype(auto) {
                    return call_with_token(std::move(f), this->stop_, std::move(args)...);
                },
                *call_);
        });
    }

    void release() noexcept override { call_.reset(); }

    std::optional<std::tuple<F, Args...>> call_;
};

template <class F, class T>
struct continued {
    static constexpr bool takes_token = takes_stop_token<F, T>;
    using result = async_result_t<F, T>;
};

template <class F>
struct continued<F, void> {
    static constexpr bool takes_token = takes_stop_token<F>;
    using result = async_result_t<F>;
};

/// Work that goes on with the result of other work.
template <class F, class T>
class continued_state final
    : public callable_state<typename continued<F, T>::result, continued<F, T>::takes_token>,
      public ready_listener {
    using base = callable_state<typename continued<F, T>::result, continued<F, T>::takes_token>;

public:
    template <class Given>
    continued_state(team& team, Given&& f)
        : base(team), f_(std::in_place, std::forward<Given>(f)) {}

    /// Has the work begun when what it continues is ready.
    void follow(state_ptr<value_state<T>> before) noexcept {
        this->add_reference(); // until it is ready
        before_ = std::move(before);
        if (!before_->listen(*this)) {
            task_chain begun;
            on_ready(begun);
            async_state::begin_all(begun);
        }
    }

private:
    void on_ready(task_chain& begun) noexcept override { this->unblock(begun); }

    void execute() override {
        if (std::exception_ptr error = before_->take_error())
            std::rethrow_exception(std::move(error));
        this->keep([this]() -> decltype(auto) {
            if constexpr (std::is_void_v<T>) {
                return call_with_token(std::move(*f_), this->stop_);
            } else {
                return call_with_token(std::move(*f_), this->stop_, before_->take());
            }
        });
    }

    void release() noexcept override {
        f_.reset();
        state_ptr<value_state<T>> before; // let go of outside the lock
        const std::lock_guard lock(this->mutex());
        std::swap(before, before_);
    }

    state_ptr<async_state> dependency(std::size_t index) noexcept override {
        if (index != 0)
            return {};
        const std::lock_guard lock(this->mutex());
        return before_;
    }

    state_ptr<async_state> unready_dependency(std::size_t& /*part*/) noexcept override {
        state_ptr<async_state> before = dependency(0);
        return !before || !before->ready() ? before : before->unready_inside();
    }

    bool may_cancel() noexcept override { return before_->may_drop(*this); }

    // What nobody goes on with ends here, not with the state that it is in.
    void cancel() noexcept override { before_->drop_result(); }

    state_ptr<value_state<T>> before_; // guarded by the mutex where others read it
    std::optional<F> f_;
};

} // namespace parmap::detail
