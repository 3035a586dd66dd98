// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/errors.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/ticks.hpp>

#include <algorithm>
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
///
/// Of items that have just been seen to take nanoseconds, some may run without being asked before:
/// as many as are to take a microsecond or so.
class watch {
public:
    explicit watch(const interruption& interruption) noexcept : interruption_(interruption) {}

    /// To be called as a block of items begins that is broken off after `longest` ticks.
    void begin_block(std::uint64_t longest = longest_block) noexcept {
        began_ = ticks();
        longest_ = longest;
        unwatched_ = std::max<std::size_t>(unwatched_, 1);
    }

    /// Whether no further item of the block may begin.
    [[nodiscard]] bool operator()() noexcept {
        if (interruption_.stop_requested()) {
            return interrupted_ = true;
        }
        looked_ = ticks();
        if (looked_ - last_ < due) {
            return false;
        }
        last_ = looked_;
        if (interruption_.has_deadline() &&
            interruption_.deadline_passed(std::chrono::steady_clock::now())) {
            return interrupted_ = true;
        }
        return looked_ - began_ > longest_;
    }

    /// How many items may run before it is asked again. 0: those of this block have turned out
    /// dear.
    [[nodiscard]] std::size_t unwatched() const noexcept { return unwatched_; }

    /// `items` have run since it was asked. False if they have taken microseconds.
    bool ran(std::size_t items) noexcept {
        const std::uint64_t took = ticks() - looked_;
        if (took > cheap * items + look) {
            unwatched_ = 0;
        } else if (took < brief && items >= unwatched_) {
            unwatched_ = std::min(4 * unwatched_, most_unwatched);
        }
        return took < due;
    }

    /// Whether no further item of the call may begin.
    [[nodiscard]] bool interrupted() const noexcept { return interrupted_; }

    static constexpr std::size_t most_unwatched = 256; // items: all may turn dear

private:
    static constexpr std::uint64_t due = 16'384;              // 4 to 16 microseconds
    static constexpr std::uint64_t longest_block = 1'000'000; // 0.25 to 1 milliseconds
    static constexpr std::uint64_t cheap = 64;                // for each item, 16 to 64 nanoseconds
    static constexpr std::uint64_t look = 256;                // what asking may take beside them
    static constexpr std::uint64_t brief = 1'024; // four times as long is a microsecond or so

    const interruption& interruption_;
    std::uint64_t last_ = 0;   // look at the deadline
    std::uint64_t looked_ = 0; // at the stop token
    std::uint64_t began_ = 0;
    std::uint64_t longest_ = longest_block;
    std::size_t unwatched_ = 1;
    bool interrupted_ = false;
};

/// In the place of a watch where nothing can interrupt: lets the compiler vectorise the loop.
struct no_watch {
    constexpr bool operator()() const noexcept { return false; }
};

} // namespace parmap::detail
