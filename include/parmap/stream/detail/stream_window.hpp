// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/stream/detail/stream_chunk.hpp>
#include <parmap/stream/detail/stream_ring.hpp>

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
    /// `bytes` is what an element under way takes; `item_time` what an item is believed to take, in
    /// nanoseconds, 0 if nothing is.
    stream_window(const options& options, std::size_t threads, std::size_t bytes, double item_time)
        : fixed_(std::min(options.window, stream_ring::most)), grain_(options.grain),
          threads_(threads), most_chosen_(std::max(4 * threads, most_bytes / bytes)),
          schedule_(options.schedule), item_time_(item_time) {}

    [[nodiscard]] double item_time() const noexcept {
        return item_time_.load(std::memory_order_relaxed);
    }

    /// `items` have taken so many nanoseconds. What takes longer than was believed is believed at
    /// once, what takes less by and by: a few quick items among long ones deceive nobody.
    void note(std::size_t items, double time) noexcept {
        const double now = std::max(time / static_cast<double>(items), 0.01);
        const double before = item_time();
        const double weight = before <= 0 ? 1 : now > before ? 0.5 : 0.125;
        item_time_.store(before + weight * (now - before), std::memory_order_relaxed);
    }

    /// The most that `width` will be.
    [[nodiscard]] std::size_t widest() const noexcept {
        return fixed_ != 0 ? fixed_ : std::max(4 * threads_, most_ahead());
    }

    /// Elements pulled and not yet consumed, at most.
    [[nodiscard]] std::size_t width() const noexcept {
        if (fixed_ != 0)
            return fixed_;
        const double time = item_time();
        const std::size_t least = 4 * threads_;
        if (time <= 0 || lazy())
            return least;
        const double soon = static_cast<double>(threads_) * enough_ahead / time;
        const auto most = static_cast<double>(most_ahead());
        return std::max(least, static_cast<std::size_t>(std::min(soon, most)));
    }

    /// Elements that may be pulled while so many are under way.
    [[nodiscard]] std::size_t room(std::size_t under_way) const noexcept {
        const std::size_t width = this->width();
        return width - std::min(under_way, width);
    }

    /// The most that a thread takes on at a time.
    [[nodiscard]] std::size_t share() const noexcept {
        if (lazy())
            return 1;
        if (grain_ != 0)
            return std::min({grain_, width(), stream_chunk::most});
        const double time = item_time();
        if (time <= 0 || time >= chunk_time)
            return 1;
        const std::size_t fair = width() / (2 * (threads_ + 1));
        const auto quick = static_cast<std::size_t>(chunk_time / time);
        return std::max<std::size_t>(std::min({fair, quick, stream_chunk::most}), 1);
    }

    /// Whether so many items are worth a worker's way.
    [[nodiscard]] bool worth_waking(std::size_t items) const noexcept {
        const double time = static_cast<double>(items) * item_time();
        if (items == 0 || time <= 0 || schedule_ != schedule::adaptive)
            return items != 0;
        return time >= much || (time >= least_worth && 2 * items >= width());
    }

    /// Whether reading the clock costs little beside what an item takes.
    [[nodiscard]] bool clock_is_cheap() const noexcept {
        const double time = item_time();
        return time <= 0 || time >= some_clocks;
    }

    /// Whether items are so short that results are better fetched by the dozen than one by one.
    [[nodiscard]] bool items_are_quick() const noexcept {
        const double time = item_time();
        return time > 0 && time < quick_item && !lazy();
    }

private:
    static constexpr std::size_t most_count = 4'096;
    static constexpr std::size_t most_bytes = std::size_t{1} << 20;
    static constexpr double enough_ahead = 1'000'000; // nanoseconds of work for each thread
    static constexpr double chunk_time = 8'000;
    static constexpr double quick_item = 20'000;
    static constexpr double some_clocks = 1'000;
    static constexpr double much = 50'000;
    static constexpr double least_worth = 5'000;

    [[nodiscard]] bool lazy() const noexcept { return schedule_ == schedule::serial; }

    [[nodiscard]] std::size_t most_ahead() const noexcept {
        return std::min({std::max(most_count, 512 * threads_), most_chosen_, stream_ring::most});
    }

    const std::size_t fixed_;
    const std::size_t grain_;
    const std::size_t threads_;
    const std::size_t most_chosen_; // as memory goes
    const schedule schedule_;
    std::atomic<double> item_time_;
};

} // namespace parmap::detail
