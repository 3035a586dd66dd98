// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/progress.hpp>
#include <parmap/core/schedule.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <stop_token>

namespace parmap {

class pool;

/// The deadline of a call that has none.
inline constexpr std::chrono::steady_clock::time_point no_deadline =
    std::chrono::steady_clock::time_point::max();

/// How a call runs; every verb takes one as its last argument: `parallel_map(v, f, {.grain = 64})`.
struct options {
    /// Whose workers join the caller; none: those of `default_pool()`.
    parmap::pool* pool = nullptr;

    /// How items are spread over threads.
    parmap::schedule schedule = parmap::schedule::adaptive;

    /// Items a chunk: each run of `grain` items, counted from the first, is one thread's.
    /// 0: chosen from measured time. Under `direct` blocks are what they are, whatever this says;
    /// elements of a range that can only be walked come in chunks of at most so many.
    std::size_t grain = 0;

    /// Streams only: the most results in flight. 0: chosen.
    std::size_t window = 0;

    /// When this asks to stop, no further item begins and `operation_cancelled` leaves the call.
    std::stop_token stop = {};

    /// When this has passed, no further item begins and `deadline_exceeded` leaves the call.
    std::chrono::steady_clock::time_point deadline = no_deadline;

    /// Told how far the call has come: from any thread, never concurrently, about 20 times a
    /// second at most. A call that succeeds ends with `done == total`. What it throws stops the
    /// work and leaves the call.
    std::function<void(progress)> on_progress = {};
};

} // namespace parmap
