// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/progress.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <utility>

namespace parmap::detail {

/// Counts items that have run and tells `on_progress`, one thread at a time, now and then.
///
/// Threads: `add` may be called concurrently; `finish` once nobody else calls.
class progress_meter {
public:
    using listener = std::function<void(progress)>;

    /// `total` is 0 if it is not known yet.
    progress_meter(const listener& report, std::size_t total)
        : report_(report), total_(total),
          next_(report ? (clock::now() + interval).time_since_epoch().count() : 0) {}

    /// Whether anyone listens: if not, nothing need be counted.
    [[nodiscard]] bool listening() const noexcept { return static_cast<bool>(report_); }

    /// Whether a report has thrown: then no further item need begin.
    [[nodiscard]] bool failed() const noexcept { return failed_.load(std::memory_order_relaxed); }

    /// Counts `items` more, and reports if it is time to.
    void add(std::size_t items) noexcept {
        if (!listening())
            return;
        done_.fetch_add(items, std::memory_order_relaxed);
        if (failed() || now() < next_.load(std::memory_order_relaxed))
            return;
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (lock.owns_lock() && now() >= next_.load(std::memory_order_relaxed))
            tell();
    }

    /// Reports that all of `total` items have run, and lets out what a report has thrown.
    void finish(std::size_t total) {
        if (!listening())
            return;
        const bool told = total != 0 && last_told_ == total && total_ == total;
        total_ = total;
        if (!failed() && !told)
            tell();
        rethrow();
    }

    /// Lets out what a report has thrown.
    void rethrow() {
        if (error_)
            std::rethrow_exception(std::move(error_));
    }

private:
    using clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds interval{50};

    static clock::rep now() noexcept { return clock::now().time_since_epoch().count(); }

    void tell() noexcept {
        last_told_ = done_.load(std::memory_order_relaxed);
        try {
            report_(progress{last_told_, total_});
        } catch (...) {
            error_ = std::current_exception();
            failed_.store(true, std::memory_order_relaxed);
        }
        next_.store((clock::now() + interval).time_since_epoch().count(),
                    std::memory_order_relaxed);
    }

    const listener& report_;
    std::size_t total_;
    std::size_t last_told_ = 0;
    std::atomic<std::size_t> done_ = 0;
    std::atomic<clock::rep> next_;
    std::atomic<bool> failed_ = false;
    std::mutex mutex_;
    std::exception_ptr error_;
};

} // namespace parmap::detail
