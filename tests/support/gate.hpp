// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace parmap_test {

/// Nobody leaves arrive() before all have come: is met only if they are under way at once.
class rendezvous {
public:
    explicit rendezvous(std::size_t expected) : missing_(expected) {}

    void arrive() {
        std::unique_lock lock(mutex_);
        missing_ -= missing_ > 0 ? 1 : 0;
        met_ = met_ || missing_ == 0;
        if (!met_ && !gave_up_) {
            const auto told = [&] { return met_ || gave_up_; };
            if (!changed_.wait_for(lock, patience, told))
                gave_up_ = true;
        }
        changed_.notify_all();
    }

    [[nodiscard]] bool met() const {
        const std::lock_guard lock(mutex_);
        return met_ && !gave_up_;
    }

private:
    static constexpr std::chrono::seconds patience{20};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t missing_;
    bool met_ = false;
    bool gave_up_ = false; // once one has, none waits any more: a failure is shown soon
};

/// Shut until opened; counts who has come.
class gate {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        ++came_;
        changed_.notify_all();
        changed_.wait(lock, [&] { return open_; });
    }

    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

    /// True once so many have come; false if they have not within twenty seconds.
    [[nodiscard]] bool wait_for_arrivals(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return came_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t came_ = 0;
    bool open_ = false;
};

} // namespace parmap_test
