// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/ticks.hpp>

#include <algorithm>
#include <cstdint>

namespace parmap::detail {

/// What a thread remembers from one cheap call to the next.
class thread_memory {
public:
    static constexpr std::uint64_t most_ticks_a_nanosecond = 5;
    static constexpr std::uint64_t moment = 16'384; // 4 to 16 microseconds

    static thread_memory& here() noexcept {
        static constinit thread_local thread_memory memory;
        return memory;
    }

    /// Whether this call is one of the few that are measured though they are cheap. A prime, so
    /// that call sites which take turns have theirs too.
    bool sampled() noexcept { return ++calls_ % 17 == 0; }

    /// Whether the last time that this was asked is only some microseconds past, or not much more
    /// than the nanoseconds that were to pass since.
    bool moment_ago(double believed) noexcept {
        const std::uint64_t now = ticks();
        const bool short_time =
            now - last_ < moment + most_ticks_a_nanosecond * static_cast<std::uint64_t>(believed);
        last_ = now;
        return short_time;
    }

    /// To be asked before a call that is to take so many nanoseconds on this thread alone because
    /// no worker is awake: whether those before it, one closely after the other, have together
    /// taken so long that waking one does not matter.
    bool another_alone(double time) noexcept {
        const std::uint64_t now = ticks();
        if (now - last_alone_ > close) {
            alone_ = 0;
        }
        last_alone_ = now;
        const bool pays = alone_ > worth_a_wake;
        alone_ = std::min(alone_ + time, 4 * worth_a_wake) - (pays ? worth_a_wake : 0);
        return pays;
    }

private:
    static constexpr std::uint64_t close = 2'097'152; // 0.5 to 2 milliseconds
    static constexpr double worth_a_wake = 50'000;    // nanoseconds: ten times what waking takes

    std::uint64_t last_ = 0;
    std::uint64_t last_alone_ = 0;
    double alone_ = 0;
    unsigned calls_ = 0;
};

} // namespace parmap::detail
