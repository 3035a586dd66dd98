// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <limits>
#include <mutex>
#include <utility>

namespace parmap::detail {

inline constexpr std::size_t no_index = std::numeric_limits<std::size_t>::max();

/// The exception that a serial loop would have let out: that of the lowest index that threw.
///
/// Items below the lowest known one must still run, since one of them may throw as well; those
/// above need not. Threads: every member may be called concurrently.
class first_failure {
public:
    /// The lowest index known to have thrown, `no_index` if none: what is above need not run.
    [[nodiscard]] std::size_t limit() const noexcept {
        return limit_.load(std::memory_order_relaxed);
    }

    [[nodiscard]] bool any() const noexcept { return limit() != no_index; }

    void record(std::size_t index, std::exception_ptr error) noexcept {
        const std::lock_guard lock(mutex_);
        if (index >= limit())
            return;
        error_ = std::move(error);
        limit_.store(index, std::memory_order_relaxed);
    }

    /// Once nobody records any more.
    [[noreturn]] void rethrow() { std::rethrow_exception(std::move(error_)); }

private:
    std::atomic<std::size_t> limit_ = no_index;
    std::mutex mutex_;
    std::exception_ptr error_;
};

} // namespace parmap::detail
