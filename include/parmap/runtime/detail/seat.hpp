// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>

#include <atomic>

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
    void sit() noexcept { offered_.store(nothing(), std::memory_order_release); }

    /// The call that the worker has been offered, and works on from now on; null if none.
    [[nodiscard]] shared_call* accept() noexcept {
        void* offered = offered_.load(std::memory_order_relaxed);
        if (offered == nothing())
            return nullptr;
        prefetch(offered, 1);
        const bool accepted = offered_.compare_exchange_strong(
            offered, nullptr, std::memory_order_acquire, std::memory_order_relaxed);
        return accepted ? static_cast<shared_call*>(offered) : nullptr;
    }

    /// The worker waits here no longer; returns the call that it has been offered meanwhile.
    [[nodiscard]] shared_call* rise() noexcept {
        void* const offered = offered_.exchange(nullptr, std::memory_order_acquire);
        return offered == nothing() ? nullptr : static_cast<shared_call*>(offered);
    }

    /// Whether a worker waits here that has been offered nothing.
    [[nodiscard]] bool free() const noexcept {
        return offered_.load(std::memory_order_relaxed) == this;
    }

    /// Offers a call to the worker that waits here.
    void offer(shared_call& call) noexcept { offered_.store(&call, std::memory_order_release); }

    /// Takes the offer back: false if it is not this call that is offered here, or no longer.
    bool retract(shared_call& call) noexcept {
        void* offered = &call;
        return offered_.load(std::memory_order_relaxed) == offered &&
               offered_.compare_exchange_strong(offered, nothing(), std::memory_order_relaxed);
    }

    bool taken = false; // by a visit; guarded by the team's mutex

private:
    // What is offered while nothing is: no call has this address.
    void* nothing() noexcept { return this; }

    std::atomic<void*> offered_ = nullptr; // a call, or nothing; null while nobody waits
};

} // namespace parmap::detail
