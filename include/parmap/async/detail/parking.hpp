// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <thread>

namespace parmap::detail {

/// Where threads sleep until something about an object changes. Many objects share one, so that
/// each need have no mutex and condition variable of its own, half of what a small task takes.
///
/// Threads: every member may be called concurrently.
class alignas(cache_line) parking {
public:
    parking() = default;

    static parking& of(const void* object) noexcept {
        // Never destroyed, since workers may still come here while the process exits.
        using places = std::array<parking, 64>;
        alignas(places) static std::array<std::byte, sizeof(places)> memory;
        static places& all = *::new (static_cast<void*>(memory.data())) places;
        return all[reinterpret_cast<std::uintptr_t>(object) / cache_line % all.size()];
    }

    template <class Condition>
    void wait(Condition condition) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, condition);
    }

    /// False if the condition does not hold by then.
    template <class Time, class Condition>
    bool wait_until(const Time& time, Condition condition) {
        std::unique_lock lock(mutex_);
        return changed_.wait_until(lock, time, condition);
    }

    /// After what the condition of any sleeper tells may have changed.
    void wake_all() {
        const std::lock_guard lock(mutex_);
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
};

/// A mutex of one byte, for as long as it takes to copy a pointer.
class byte_mutex {
public:
    void lock() noexcept {
        for (int i = 0; taken_.exchange(true, std::memory_order_acquire); ++i) {
            if (i < 100) {
                pause();
            } else {
                std::this_thread::yield(); // who has it does not run
            }
        }
    }

    void unlock() noexcept { taken_.store(false, std::memory_order_release); }

private:
    std::atomic<bool> taken_ = false;
};

} // namespace parmap::detail
