// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/ticks.hpp>

#include <cstdint>

namespace parmap::detail {

/// What a thread remembers from one cheap call to the next.
class thread_memory {
public:
    static thread_memory& here() noexcept {
        static constinit thread_local thread_memory memory;
        return memory;
    }

    /// Whether this call is one of the few that are measured though they are cheap. A prime, so
    /// that call sites which take turns have theirs too.
    bool sampled() noexcept { return ++calls_ % 17 == 0; }

    /// Whether the last time that this was asked is only some microseconds past.
    bool moment_ago() noexcept {
        const std::uint64_t now = ticks();
        const bool short_time = now - last_ < moment;
        last_ = now;
        return short_time;
    }

private:
    static constexpr std::uint64_t moment = 16'384; // 4 to 16 microseconds

    std::uint64_t last_ = 0;
    unsigned calls_ = 0;
};

} // namespace parmap::detail
