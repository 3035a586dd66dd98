// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/errors.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/ticks.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <stop_token>

namespace parmap::detail {

/// What may end a call early from outside: its stop token and its deadline.
///
/// Threads: every member may be called concurrently.
class interruption {
public:
    explicit interruption(const options& options) noexcept
        : stop_(options.stop), deadline_(options.deadline) {}

    /// Whether anything can interrupt the call: if not, nothing need be polled.
    [[nodiscard]] bool possible() const noexcept { return stop_.stop_possible() || has_deadline(); }

    [[nodiscard]] bool has_deadline() const noexcept { return deadline_ != no_deadline; }

    [[nodiscard]] bool stop_requested() const noexcept { return stop_.stop_requested(); }

    [[nodiscard]] bool deadline_passed(std::chrono::steady_clock::time_point now) const noexcept {
        return now >= deadline_;
    }

    /// What leaves a call of `total` items that was interrupted when `done` had run.
    [[nodiscard]] std::exception_ptr error(std::size_t done, std::size_t total) const {
        if (stop_requested())
            return std::make_exception_ptr(operation_cancelled(done, total));
        return std::make_exception_ptr(deadline_exceeded(done, total));
    }

private:
    const std::stop_token& stop_;
    std::chrono::steady_clock::time_point deadline_;
};

/// One thread's eye on an interruption, to be asked before each item: the stop token is looked at
/// each time, the clock whenever some microseconds have passed since it last was. A block of items
/// that takes longer than it was believed to is broken off too, so that progress can be told.
class watch {
public:
    explicit watch(const interruption& interruption) noexcept
        : interruption_(interruption), most_unseen_(interruption.has_deadline() ? 0 : 15) {}

    /// To be called as a block of items begins that is broken off after `longest` ticks.
    void begin_block(std::uint64_t longest = longest_block) noexcept {
        began_ = ticks();
        longest_ = longest;
    }

    /// Whether no further item of the block may begin.
    [[nodiscard]] bool operator()() noexcept {
        if (interruption_.stop_requested()) {
            return interrupted_ = true;
        }
        if (unseen_ != 0) {
            --unseen_;
            return false;
        }
        return look_at_clock();
    }

    /// Whether no further item of the call may begin.
    [[nodiscard]] bool interrupted() const noexcept { return interrupted_; }

private:
    static constexpr std::uint64_t due = 16'384;              // 4 to 16 microseconds
    static constexpr std::uint64_t longest_block = 1'000'000; // 0.25 to 1 milliseconds

    // Without a deadline, no promise hangs on the clock, and a few quick items go by unseen.
    bool look_at_clock() noexcept {
        const std::uint64_t now = ticks();
        if (now - last_ < due) {
            unseen_ = most_unseen_;
            return false;
        }
        last_ = now;
        if (interruption_.has_deadline() &&
            interruption_.deadline_passed(std::chrono::steady_clock::now())) {
            return interrupted_ = true;
        }
        return now - began_ > longest_;
    }

    const interruption& interruption_;
    const unsigned most_unseen_; // items
    unsigned unseen_ = 0;        // of these still to come
    std::uint64_t last_ = 0;
    std::uint64_t began_ = 0;
    std::uint64_t longest_ = longest_block;
    bool interrupted_ = false;
};

/// In the place of a watch where nothing can interrupt: lets the compiler vectorise the loop.
struct no_watch {
    constexpr bool operator()() const noexcept { return false; }
};

} // namespace parmap::detail
