// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>

#include <atomic>
#include <cstdint>

namespace parmap::detail {

class shared_call;

/// Where a worker that is awake with nothing to do waits for a call: who has one offers it here, on
/// a cache line that only the two of them touch.
///
/// Threads: `sit` and `accept` are the worker's; `rise` too, under the team's mutex; `offer` and
/// `retract` are anyone's under that mutex, so that what is free stays free until then; `free` is
/// anyone's.
class alignas(cache_line) seat {
public:
    /// The worker waits here from now on.
    void sit() noexcept { word_.store(waiting, std::memory_order_release); }

    /// The call that the worker has been offered, and works on from now on; null if none.
    [[nodiscard]] shared_call* accept() noexcept {
        std::uintptr_t word = word_.load(std::memory_order_relaxed);
        if (word == waiting)
            return nullptr;
        auto* const call = reinterpret_cast<shared_call*>(word);
        prefetch(call, 1);
        const bool accepted = word_.compare_exchange_strong(word, away, std::memory_order_acquire,
                                                            std::memory_order_relaxed);
        return accepted ? call : nullptr;
    }

    /// The worker waits here no longer; returns the call that it has been offered meanwhile.
    [[nodiscard]] shared_call* rise() noexcept {
        const std::uintptr_t word = word_.exchange(away, std::memory_order_acquire);
        return word == waiting ? nullptr : reinterpret_cast<shared_call*>(word);
    }

    /// Whether a worker waits here that has been offered nothing.
    [[nodiscard]] bool free() const noexcept {
        return word_.load(std::memory_order_relaxed) == waiting;
    }

    /// Offers a call to the worker that waits here.
    void offer(shared_call& call) noexcept {
        word_.store(reinterpret_cast<std::uintptr_t>(&call), std::memory_order_release);
    }

    /// Takes the offer back: false if it is not this call that is offered here, or no longer.
    bool retract(shared_call& call) noexcept {
        auto word = reinterpret_cast<std::uintptr_t>(&call);
        return word_.load(std::memory_order_relaxed) == word &&
               word_.compare_exchange_strong(word, waiting, std::memory_order_relaxed);
    }

    bool taken = false; // by a visit; guarded by the team's mutex

private:
    // No call has such an address.
    static constexpr std::uintptr_t away = 0;
    static constexpr std::uintptr_t waiting = 1;

    std::atomic<std::uintptr_t> word_ = away;
};

} // namespace parmap::detail
