// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/state.hpp>
#include <parmap/runtime/detail/task.hpp>

#include <coroutine>
#include <utility>

namespace parmap::detail {

/// How a coroutine waits for a future: it goes on as a task of the future's pool.
///
/// It lives in the coroutine's frame, and so does the task: neither needs memory of its own.
template <class T, class Future>
class future_awaiter final : public ready_listener, public task {
public:
    explicit future_awaiter(Future&& future) noexcept : future_(std::move(future)) {}

    // Before it is waited on; nothing refers to it yet.
    future_awaiter(future_awaiter&& other) noexcept
        : ready_listener(), task(), future_(std::move(other.future_)) {}

    [[nodiscard]] bool await_ready() const { return future_.is_ready(); }

    bool await_suspend(std::coroutine_handle<> waiting) {
        waiting_ = waiting;
        return state().listen(*this);
    }

    T await_resume() { return future_.get(); }

private:
    async_state& state() const;

    void on_ready(task_chain& /*begun*/) noexcept override {
        // A pool that has been shut down has no thread to go on with but this one.
        if (!home().queue(*this))
            waiting_.resume();
    }

    team& home() const { return state().home(); }

    void run(task_chain& /*left*/) noexcept override { waiting_.resume(); }

    Future future_;
    std::coroutine_handle<> waiting_;
};

} // namespace parmap::detail
