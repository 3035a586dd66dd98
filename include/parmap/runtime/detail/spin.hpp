// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>

#include <chrono>
#include <thread>

namespace parmap::detail {

/// Waits for a condition that is about to come true: hard at first, then lets other threads have
/// the core in between. False if that was not within `longest` or so.
template <class Condition>
bool spin_until(Condition condition,
                std::chrono::microseconds longest = std::chrono::microseconds(50)) noexcept {
    for (int i = 0; i < 200; ++i) {
        if (condition())
            return true;
        pause();
    }
    const auto end = std::chrono::steady_clock::now() + longest;
    while (std::chrono::steady_clock::now() < end) {
        if (condition())
            return true;
        std::this_thread::yield();
    }
    return condition();
}

} // namespace parmap::detail
