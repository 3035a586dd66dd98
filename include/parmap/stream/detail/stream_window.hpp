// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace parmap::detail {

/// How many elements of a stream may be under way, how many a thread takes on at a time, and for
/// how many it pays to bring in a worker: from what an item takes.
///
/// Threads: every member may be called concurrently.
class stream_window {
public:
    /// `item_time` is what an item is believed to take, in nanoseconds; 0 if nothing is.
    stream_window(const options& options, std::size_t threads, double item_time) noexcept
        : fixed_(options.window), grain_(options.grain), threads_(threads),
          lazy_(options.schedule == schedule::serial), item_time_(item_time) {}

    [[nodiscard]] double item_time() const noexcept {
        return item_time_.load(std::memory_order_relaxed);
    }

    /// `items` have taken so many nanoseconds.
    void note(std::size_t items, double time) noexcept {
        item_time_.store(std::max(time / static_cast<double>(items), 0.01),
                         std::memory_order_relaxed);
    }

    /// The consumer has asked for one more. Threads: the consumer's.
    void consume() noexcept { consumed_.store(consumed() + 1, std::memory_order_release); }

    [[nodiscard]] std::size_t consumed() const noexcept {
        return consumed_.load(std::memory_order_acquire);
    }

    /// Elements pulled and not yet consumed, at most.
    [[nodiscard]] std::size_t width() const noexcept {
        if (fixed_ != 0)
            return fixed_;
        const double time = item_time();
        const std::size_t least = 4 * threads_;
        if (time <= 0 || lazy_)
            return least;
        const double most = static_cast<double>(std::max(most_chosen, 512 * threads_));
        const double soon = static_cast<double>(threads_) * enough_ahead / time;
        return std::max(least, static_cast<std::size_t>(std::min(soon, most)));
    }

    /// Elements that may be pulled beyond `pulled`.
    [[nodiscard]] std::size_t room(std::size_t pulled) const noexcept {
        const std::size_t under_way = pulled - consumed();
        return width() - std::min(under_way, width());
    }

    /// The most that one thread takes on at a time.
    [[nodiscard]] std::size_t share() const noexcept {
        if (lazy_)
            return 1;
        if (grain_ != 0)
            return std::min(grain_, width());
        return std::max<std::size_t>(width() / (2 * (threads_ + 1)), 1);
    }

    [[nodiscard]] bool grained() const noexcept { return grain_ != 0 && !lazy_; }

    /// Whether so many items are worth a worker's way.
    [[nodiscard]] bool worth_waking(std::size_t items) const noexcept {
        const double time = static_cast<double>(items) * item_time();
        if (items == 0 || time <= 0)
            return items != 0;
        return time >= much || (time >= least_worth && 2 * items >= width());
    }

private:
    static constexpr std::size_t most_chosen = 4'096;
    static constexpr double enough_ahead = 1'000'000; // nanoseconds of work for each thread
    static constexpr double much = 50'000;
    static constexpr double least_worth = 5'000;

    const std::size_t fixed_;
    const std::size_t grain_;
    const std::size_t threads_;
    const bool lazy_;
    std::atomic<double> item_time_;
    std::atomic<std::size_t> consumed_ = 0;
};

} // namespace parmap::detail
