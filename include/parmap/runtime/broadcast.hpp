// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/broadcast_call.hpp>
#include <parmap/runtime/detail/failure.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/pool.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap {

namespace detail {

/// Calls `run(slot)` once for each slot of a pool; when all have ended, lets out the exception of
/// the lowest that threw.
template <class Run>
void run_slots(pool& pool, Run run) {
    team& team = pool_access::team_of(pool);
    const team::presence here(team);
    first_failure failure;
    const auto guarded = [&](std::size_t slot) noexcept {
        try {
            run(slot);
        } catch (...) {
            failure.record(slot, std::current_exception());
        }
    };
    broadcast_call call(pool.size(), guarded);
    const std::size_t helpers = std::min(pool.size() - 1, team.available());
    if (helpers == 0) {
        call.work_alone();
    } else {
        team.open(call, helpers);
        call.work_as_caller();
        team.close(call);
    }
    if (failure.any())
        failure.rethrow();
}

} // namespace detail

/// Calls `f(slot)` once for each slot, 0 to `pool.size() - 1`, on a thread each where they are to
/// be had, and returns a vector of the results in the order of slots, or nothing if `f` does.
///
/// It never waits for a thread that does not come: when none has for some milliseconds, those that
/// are there run what is left. The caller is one of them, and slot 0 is its own.
///
/// - Complexity: one call of `f` for each slot.
/// - Threads: may be called from any thread, and from inside any other call. `f` is called
///   concurrently, through one shared object.
/// - Errors: when all slots have ended, the exception of the lowest that threw; std::logic_error if
///   the pool has been shut down.
/// - Blocking: until all have ended; the caller works too.
template <class F>
    requires std::invocable<std::remove_reference_t<F>&, std::size_t>
auto broadcast(pool& pool, F&& f) {
    using result = std::decay_t<std::invoke_result_t<std::remove_reference_t<F>&, std::size_t>>;
    if constexpr (std::is_void_v<result>) {
        detail::run_slots(pool, [&f](std::size_t slot) { std::invoke(f, slot); });
    } else {
        std::vector<std::optional<result>> slots(pool.size());
        detail::run_slots(pool,
                          [&](std::size_t slot) { slots[slot].emplace(std::invoke(f, slot)); });
        std::vector<result> results;
        results.reserve(slots.size());
        for (std::optional<result>& slot : slots)
            results.push_back(*std::move(slot));
        return results;
    }
}

} // namespace parmap
