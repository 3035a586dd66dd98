// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/work.hpp>
#include <parmap/async/future.hpp>
#include <parmap/runtime/pool.hpp>

#include <type_traits>
#include <utility>

namespace parmap {

/// A callable takes these arguments, by value, after a stop token or without one.
template <class F, class... Args>
concept callable_with_arguments = detail::async_callable<std::decay_t<F>, std::decay_t<Args>...>;

/// Has a pool run `f(args...)`, or `f(stop_token, args...)` if it can be called so.
///
/// `f` and the arguments are copied or moved into the task.
///
/// - Complexity: one allocation.
/// - Threads: may be called from any thread, from inside any call and any other task.
/// - Errors: std::logic_error if the pool has been shut down; what `f` throws leaves `get()`.
/// - Cancellation: by the future's `request_stop()` or its destruction.
/// - Blocking: no.
///
/// Example: examples/09_async.cpp
template <class F, class... Args>
    requires callable_with_arguments<F, Args...>
auto submit_on(pool& pool, F&& f, Args&&... args) {
    using state = detail::submitted_state<std::decay_t<F>, std::decay_t<Args>...>;
    using result = detail::async_result_t<std::decay_t<F>, std::decay_t<Args>...>;
    return detail::start<result>(detail::state_ptr<state>(new state(
        detail::pool_access::team_of(pool), std::forward<F>(f), std::forward<Args>(args)...)));
}

/// Has the default pool run `f(args...)`: as `submit_on`.
template <class F, class... Args>
    requires callable_with_arguments<F, Args...>
auto submit(F&& f, Args&&... args) {
    return submit_on(default_pool(), std::forward<F>(f), std::forward<Args>(args)...);
}

} // namespace parmap
