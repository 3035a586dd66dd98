// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/shared_call.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>

namespace parmap::detail {

/// A call whose slots are meant for a thread each: who has run one waits a moment for others to
/// come before it takes another.
template <class RunSlot>
class broadcast_call final : public shared_call {
public:
    /// `run(slot)` throws nothing.
    broadcast_call(std::size_t slots, RunSlot& run) : slots_(slots), run_(run) {}

    /// Until every slot has been begun. Slot 0 is the caller's.
    void work_as_caller() noexcept {
        run_(0);
        wait_for_others();
        work();
    }

    /// The same where no worker will come: there is nobody to wait for.
    void work_alone() noexcept {
        others_may_come_ = false;
        work_as_caller();
    }

private:
    // A sleeping thread comes within tens of microseconds, a new one within some hundreds.
    static constexpr std::chrono::milliseconds patience{2};

    void work() noexcept override {
        while (const std::optional<std::size_t> slot = take()) {
            run_(*slot);
            wait_for_others();
        }
    }

    std::optional<std::size_t> take() noexcept {
        const std::lock_guard lock(mutex_);
        if (next_ == slots_)
            return std::nullopt;
        const std::size_t slot = next_++;
        taken_.notify_all();
        return slot;
    }

    // Once nobody has come for a while, the rest is for those who are here.
    void wait_for_others() noexcept {
        std::unique_lock lock(mutex_);
        while (others_may_come_ && next_ != slots_) {
            const std::size_t seen = next_;
            const auto changed = [&] { return next_ != seen || !others_may_come_; };
            if (!taken_.wait_for(lock, patience, changed)) {
                others_may_come_ = false;
                taken_.notify_all();
            }
        }
    }

    const std::size_t slots_;
    RunSlot& run_;
    std::mutex mutex_;
    std::condition_variable taken_;
    std::size_t next_ = 1;
    bool others_may_come_ = true;
};

} // namespace parmap::detail
