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

    /// Whether this call is one of the few that are measured though they are cheap. One in 61 and
    /// one in 67 by turns, so that call sites which take turns have theirs too.
    bool sampled() noexcept {
        if (--unsampled_ != 0)
            return false;
        between_samples_ = 61 + 67 - between_samples_;
        unsampled_ = between_samples_;
        return true;
    }

    /// When the thread last looked at the clock between cheap items.
    [[nodiscard]] std::uint64_t last_look() const noexcept { return last_; }

    void note_look(std::uint64_t now) noexcept { last_ = now; }

    /// Whether that is half a millisecond past, or some.
    [[nodiscard]] bool idle() const noexcept { return ticks() - last_ > close; }

    /// To be asked before a call that is to take so many nanoseconds on this thread alone because
    /// no worker is awake: whether those before it, one closely after the other, have together
    /// taken so long that waking one does not matter.
    bool another_alone(std::uint64_t time) noexcept {
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
    static constexpr std::uint64_t worth_a_wake =
        50'000; // nanoseconds: ten times what waking takes

    std::uint64_t last_ = 0;
    std::uint64_t last_alone_ = 0;
    std::uint64_t alone_ = 0;       // nanoseconds
    unsigned between_samples_ = 61; // calls
    unsigned unsampled_ = 61;
};

} // namespace parmap::detail
