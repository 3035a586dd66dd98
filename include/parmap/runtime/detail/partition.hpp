// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

// Pure arithmetic on index ranges: how a call is cut, claimed and stolen from.

namespace parmap::detail {

/// The indices from `begin` up to, not including, `end`.
struct interval {
    std::size_t begin = 0;
    std::size_t end = 0;

    [[nodiscard]] constexpr std::size_t size() const noexcept { return end - begin; }
    [[nodiscard]] constexpr bool empty() const noexcept { return begin >= end; }
    friend constexpr bool operator==(const interval&, const interval&) = default;
};

/// At least as many items as stand in a cache line, of whatever size they are.
inline constexpr std::size_t line_of_items = 64;

/// Where to cut off a piece of `size` items that was to be cut off at `at`: there or, if it is a
/// long one, up to a line before. A vectorised loop is at its best from where a line begins, and
/// two threads then do not write to one.
constexpr std::size_t cut_near(std::size_t at, std::size_t size) noexcept {
    return size < 8 * line_of_items ? at : at / line_of_items * line_of_items;
}

/// A call's items cut into numbered units, the least that a thread can claim.
class partition {
public:
    /// Units of `grain` items, the last one shorter, of which a thread claims one at a time. A unit
    /// is a multiple of `least` neighbours that may not be parted.
    static constexpr partition by_grain(std::size_t items, std::size_t grain,
                                        std::size_t least = 1) noexcept {
        partition p;
        p.items_ = items;
        p.least_ = least;
        p.grain_ = std::max<std::size_t>(std::min(grain, items), 1);
        p.units_ = divide_up(items, p.grain_);
        // More units than a claim can count: units of several grains.
        if (p.units_ > most_units)
            return by_grain(items, p.grain_ * divide_up(p.units_, most_units), least);
        return p;
    }

    /// Units of `least` items, of which a thread claims as many at a time as their cost suggests.
    static constexpr partition by_pace(std::size_t items, std::size_t least) noexcept {
        partition p = by_grain(items, least, least);
        p.paced_ = true;
        return p;
    }

    /// `blocks` units as equal as can be, the longer ones first.
    static constexpr partition by_blocks(std::size_t items, std::size_t blocks) noexcept {
        partition p;
        p.items_ = items;
        p.units_ = std::min(items, blocks);
        return p;
    }

    [[nodiscard]] constexpr std::size_t items() const noexcept { return items_; }
    [[nodiscard]] constexpr std::size_t units() const noexcept { return units_; }

    /// Where a block of about `count` of `items` ends that begins where they do, neighbours that
    /// may not be parted staying together.
    [[nodiscard]] constexpr std::size_t block_end(interval items,
                                                  std::size_t count) const noexcept {
        if (count >= items.size())
            return items.end;
        if (least_ == 1)
            return cut_near(items.begin + count, count);
        return items.begin + std::min(divide_up(count, least_) * least_, items.size());
    }

    /// How many units to claim for about `items` items.
    [[nodiscard]] constexpr std::size_t units_for(std::size_t items) const noexcept {
        return paced_ ? std::max<std::size_t>(items / grain_, 1) : 1;
    }

    /// Whether a claim is as long as its cost suggests, so that what is left of it may be parted.
    [[nodiscard]] constexpr bool paced() const noexcept { return paced_; }

    /// The items of units `units.begin` up to `units.end`.
    [[nodiscard]] constexpr interval items_of(interval units) const noexcept {
        return {first_of(units.begin), first_of(units.end)};
    }

    /// The first unit that begins at `item` or after it; there are items.
    [[nodiscard]] constexpr std::size_t unit_after(std::size_t item) const noexcept {
        if (grain_ != 0)
            return std::min(divide_up(item, grain_), units_);
        const std::size_t length = items_ / units_;
        const std::size_t longer = items_ % units_;
        const std::size_t shorter_from = longer * (length + 1);
        return item <= shorter_from ? divide_up(item, length + 1)
                                    : longer + divide_up(item - shorter_from, length);
    }

    static constexpr std::size_t most_units = std::numeric_limits<std::uint32_t>::max();

private:
    static constexpr std::size_t divide_up(std::size_t a, std::size_t b) noexcept {
        return a / b + (a % b != 0 ? 1 : 0);
    }

    constexpr std::size_t first_of(std::size_t unit) const noexcept {
        if (unit == units_)
            return items_;
        if (grain_ != 0)
            return unit * grain_;
        return unit * (items_ / units_) + std::min(unit, items_ % units_);
    }

    std::size_t items_ = 0;
    std::size_t units_ = 0;
    std::size_t grain_ = 0; // 0: blocks
    std::size_t least_ = 1;
    bool paced_ = false;
};

/// Which end of its range a thread works from; others steal from the other end.
enum class direction { forward, backward };

/// Where its owner, who works from one end, cuts `count` units or about as many off a range.
constexpr std::size_t taking_point(interval units, direction from, std::size_t count) noexcept {
    const bool forward = from == direction::forward;
    if (count >= units.size())
        return forward ? units.end : units.begin;
    return forward ? cut_near(units.begin + count, count)
                   : std::max(cut_near(units.end - count, count), units.begin);
}

/// Where a thief cuts the half, rounded up, off a range that is farthest from its owner's end.
constexpr std::size_t stealing_point(interval units, direction owner) noexcept {
    const std::size_t half = units.size() / 2;
    return cut_near(owner == direction::forward ? units.begin + half : units.end - half, half);
}

/// The units that one thread has still to do. It takes them one chunk after another, and an idle
/// thread may steal half of what is left.
///
/// Threads: `take`, `reset` and `put_back` are the owner's; `left` and `steal_half` anyone's. The
/// whole range is one word, so that each operation is one compare-and-swap, and a word that has
/// come back to an earlier value means what it says.
class claimable_range {
public:
    [[nodiscard]] interval left() const noexcept {
        return unpack(word_.load(std::memory_order_acquire));
    }

    void reset(interval units) noexcept { word_.store(pack(units), std::memory_order_release); }

    /// Adds units that come just before those that are left. False if they do not.
    bool put_back(interval units) noexcept {
        std::uint64_t word = word_.load(std::memory_order_acquire);
        for (;;) {
            const interval left = unpack(word);
            if (!left.empty() && left.begin != units.end)
                return false;
            const interval all{units.begin, left.empty() ? units.end : left.end};
            if (word_.compare_exchange_weak(word, pack(all), std::memory_order_acq_rel,
                                            std::memory_order_acquire)) {
                return true;
            }
        }
    }

    /// Takes about `count` units, or what there is, from the owner's end.
    interval take(direction from, std::size_t count) noexcept {
        return split([&](interval units) { return taking_point(units, from, count); }, from);
    }

    /// Takes everything.
    interval take_all() noexcept {
        return unpack(word_.exchange(pack({}), std::memory_order_acq_rel));
    }

    /// Takes about the half that is farthest from the owner's end.
    interval steal_half(direction owner) noexcept {
        return split([&](interval units) { return stealing_point(units, owner); },
                     owner == direction::forward ? direction::backward : direction::forward);
    }

private:
    // Cuts the range at a point and takes the piece at one end of it.
    template <class Point>
    interval split(Point point, direction piece) noexcept {
        std::uint64_t word = word_.load(std::memory_order_acquire);
        for (;;) {
            const interval units = unpack(word);
            if (units.empty())
                return {};
            const std::size_t at = point(units);
            const interval front{units.begin, at};
            const interval back{at, units.end};
            const bool take_front = piece == direction::forward;
            const std::uint64_t rest = pack(take_front ? back : front);
            if (word_.compare_exchange_weak(word, rest, std::memory_order_acq_rel,
                                            std::memory_order_acquire)) {
                return take_front ? front : back;
            }
        }
    }

    static constexpr std::uint64_t pack(interval units) noexcept {
        return (static_cast<std::uint64_t>(units.begin) << 32) | units.end;
    }

    static constexpr interval unpack(std::uint64_t word) noexcept {
        return {static_cast<std::size_t>(word >> 32),
                static_cast<std::size_t>(word & std::numeric_limits<std::uint32_t>::max())};
    }

    std::atomic<std::uint64_t> word_ = 0;
};

} // namespace parmap::detail
