// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>

#include <condition_variable>
#include <mutex>

namespace parmap::detail {

/// A mutex that nobody holds for longer than it takes to change a few words: who finds it taken
/// tries again for a while, since to sleep and be woken takes a hundred times as long.
class brief_mutex {
public:
    void lock() {
        for (int i = 0; i < 100; ++i) {
            if (mutex_.try_lock())
                return;
            pause();
        }
        mutex_.lock();
    }

    bool try_lock() { return mutex_.try_lock(); }

    void unlock() { mutex_.unlock(); }

    /// What `signal.wait(lock, condition)` does for a lock on a std::mutex.
    template <class Condition>
    static void wait(std::condition_variable& signal, std::unique_lock<brief_mutex>& lock,
                     Condition condition) {
        std::unique_lock held(lock.mutex()->mutex_, std::adopt_lock);
        signal.wait(held, condition);
        held.release();
    }

private:
    std::mutex mutex_;
};

} // namespace parmap::detail
