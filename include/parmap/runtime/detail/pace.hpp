// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace parmap::detail {

/// What a call site remembers from one call to the next: the time of an item, and whether sharing
/// its short calls has paid.
///
/// Threads: any; readings and notes race harmlessly, as each is one word.
class site_memory {
public:
    /// Nanoseconds. In less than the first a worker that is awake brings nothing, in less than the
    /// second one that sleeps.
    static constexpr double worth_sharing = 1'500;
    static constexpr double worth_waking = 150'000;
    static constexpr double for_any_call = 1e9;

    /// Nanoseconds an item took when last measured; 0: not known.
    [[nodiscard]] double item_time() const noexcept {
        return static_cast<double>(nanoseconds_.load(std::memory_order_relaxed));
    }

    /// How many items are known to take no longer, all together, than `worth_sharing`; 0: none, or
    /// it is not known.
    [[nodiscard]] std::size_t surely_cheap() const noexcept {
        return surely_cheap_.load(std::memory_order_relaxed);
    }

    /// The same for `worth_waking`.
    [[nodiscard]] std::size_t cheap_alone() const noexcept {
        return cheap_alone_.load(std::memory_order_relaxed);
    }

    /// Whether this is to be measured again before a call relies on it that is to take so many
    /// nanoseconds: what it was measured in was so much shorter that cold caches may have been most
    /// of it.
    [[nodiscard]] bool doubtful(std::uint64_t time) const noexcept {
        return time > trusted_.load(std::memory_order_relaxed);
    }

    /// Remembers what an item took, of `measured` nanoseconds in all.
    void note(double nanoseconds, double measured = for_any_call) noexcept {
        trusted_.store(static_cast<std::uint32_t>(4 * std::min(measured, for_any_call)),
                       std::memory_order_relaxed);
        const double time = std::max(nanoseconds, shortest);
        nanoseconds_.store(static_cast<float>(time), std::memory_order_relaxed);
        surely_cheap_.store(static_cast<std::uint32_t>(worth_sharing / time),
                            std::memory_order_relaxed);
        cheap_alone_.store(static_cast<std::uint32_t>(worth_waking / time),
                           std::memory_order_relaxed);
    }

    /// Takes one of the short calls that are still to run in place until one is shared again, if
    /// that did not pay, as where the other threads' CPUs are busy: how many there were. Two
    /// threads may take the same one.
    unsigned take_call_in_place() noexcept {
        const unsigned left = rest_.load(std::memory_order_relaxed);
        if (left != 0)
            rest_.store(left - 1, std::memory_order_relaxed);
        return left;
    }

    /// While sharing does not pay it is tried less and less often, and while it pays one call in
    /// many still runs in place, since what an item takes there is known from nothing else.
    void note_sharing(bool paid) noexcept {
        const unsigned before = pause_.load(std::memory_order_relaxed);
        const unsigned next = paid ? 0 : std::min(2 * before + 1, longest_pause);
        const unsigned shared = paid ? shared_.load(std::memory_order_relaxed) + 1 : 0;
        pause_.store(next, std::memory_order_relaxed);
        rest_.store(shared == longest_run ? 1 : next, std::memory_order_relaxed);
        shared_.store(shared % longest_run, std::memory_order_relaxed);
    }

private:
    static constexpr double shortest = 0.01;
    static constexpr unsigned longest_pause = 127; // calls
    static constexpr unsigned longest_run = 64;    // the same

    std::atomic<float> nanoseconds_ = 0;
    // Items, worked out when a time is noted rather than at each call.
    std::atomic<std::uint32_t> surely_cheap_ = 0;
    std::atomic<std::uint32_t> cheap_alone_ = 0;
    std::atomic<std::uint32_t> trusted_ = 0; // nanoseconds
    std::atomic<unsigned> pause_ = 0;        // calls between one try and the next
    std::atomic<unsigned> rest_ = 0;         // of these still to come
    std::atomic<unsigned> shared_ = 0;       // calls, one after the other
};

/// The memory of one call site: one instantiation of a verb.
template <class... Site>
inline constinit site_memory memory_of{};

/// How many items a thread takes on at a time, from the time that items took so far: long enough
/// that claiming costs nothing, short enough that threads end together.
class pace {
public:
    using clock = std::chrono::steady_clock;

    /// `item_time` is what an item is believed to take, 0 if nothing is; claims take `shortest`
    /// nanoseconds at least.
    pace(double item_time, double shortest) noexcept : item_time_(item_time), shortest_(shortest) {}

    /// Items to claim out of `left`: a share, so that claims shrink towards the end. Where little
    /// is left it is all but a last claim, and no crumb stays behind: each claim costs some 0.1 us.
    [[nodiscard]] std::size_t share(std::size_t left) const noexcept {
        if (item_time_ <= 0)
            return 1;
        const auto all = static_cast<double>(left);
        const double least = shortest_ / item_time_;
        const double claim = std::max({all / 4, std::min(all - least, 4 * least), least});
        return block(all - claim <= least / 2 ? left : static_cast<std::size_t>(claim));
    }

    /// Items to run before anything else is looked at, out of `left`.
    [[nodiscard]] std::size_t block(std::size_t left) const noexcept {
        if (item_time_ <= 0)
            return 1;
        const double most = std::min({longest_block / item_time_, static_cast<double>(left),
                                      growth_ * static_cast<double>(last_)});
        return std::clamp<std::size_t>(static_cast<std::size_t>(most), 1,
                                       std::max<std::size_t>(left, 1));
    }

    /// Items to run between two looks at a cheap clock.
    [[nodiscard]] std::size_t stretch() const noexcept {
        if (item_time_ <= 0)
            return 1;
        return std::max<std::size_t>(
            static_cast<std::size_t>(std::min(between_looks / item_time_, most_in_stretch)), 1);
    }

    /// What an item is believed to take, in nanoseconds; 0: nothing is.
    [[nodiscard]] double item_time() const noexcept { return item_time_; }

    static constexpr double most_in_stretch = 4'096;

    /// Starts the clock on a block.
    void begin() noexcept { started_ = clock::now(); }

    /// Nanoseconds since then.
    [[nodiscard]] double elapsed() const noexcept {
        return std::chrono::duration<double, std::nano>(clock::now() - started_).count();
    }

    /// Stops it: `items` have run, and the next block begins. The time they took, in nanoseconds.
    double end(std::size_t items) noexcept {
        const clock::time_point now = clock::now();
        const auto time = std::chrono::duration<double, std::nano>(now - started_).count();
        started_ = now;
        item_time_ = std::max(time / static_cast<double>(items), 0.01);
        last_ = items;
        growth_ = 8;
        return time;
    }

private:
    static constexpr double longest_block = 50'000; // nanoseconds
    static constexpr double between_looks = 16'000; // the same

    clock::time_point started_{};
    double item_time_;
    double shortest_;
    std::size_t last_ = 1;
    double growth_ = 1e18; // a remembered time is believed at once, a first measured one by steps
};

} // namespace parmap::detail
