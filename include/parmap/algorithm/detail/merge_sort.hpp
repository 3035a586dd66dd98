// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/engine.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

namespace parmap::detail {

/// Whether a piece of work that is not to be taken up again must be broken off.
template <class Watch>
bool broken_off(Watch& watch) noexcept {
    if constexpr (requires { watch.interrupted(); }) {
        return watch() && watch.interrupted();
    } else {
        return false;
    }
}

/// Two sorted runs, the left of which goes first among equals.
template <class U>
struct run_pair {
    U* left;
    U* left_end;
    U* right;
    U* right_end;

    [[nodiscard]] std::size_t size() const noexcept {
        return static_cast<std::size_t>((left_end - left) + (right_end - right));
    }

    /// How many of the first `count` elements of their merge come from the left run.
    template <class Less>
    [[nodiscard]] std::size_t from_left(std::size_t count, Less& less) const {
        const auto lefts = static_cast<std::size_t>(left_end - left);
        const auto rights = static_cast<std::size_t>(right_end - right);
        std::size_t low = count > rights ? count - rights : 0;
        std::size_t high = std::min(count, lefts);
        while (low != high) {
            const std::size_t middle = low + (high - low) / 2;
            if (less(right[count - middle - 1], left[middle])) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// The part of the runs that becomes elements `begin` up to `end` of their merge.
    template <class Less>
    [[nodiscard]] run_pair part(std::size_t begin, std::size_t end, Less& less) const {
        const std::size_t first = from_left(begin, less);
        // Within bounds even where `less` contradicts itself.
        const std::size_t last =
            end == size() ? static_cast<std::size_t>(left_end - left)
                          : std::clamp(from_left(end, less), first, first + (end - begin));
        return {left + first, left + last, right + (begin - first), right + (end - last)};
    }
};

/// Merges two runs, from both ends at once: two chains of comparisons, none of which is a jump
/// that a core could guess wrong. False if broken off.
template <class U, class Less, class Watch>
bool merge_runs(run_pair<U> runs, U* out, Less& less, Watch& watch) {
    auto [left, left_end, right, right_end] = runs;
    U* out_end = out + runs.size();
    while (left_end - left > 1 && right_end - right > 1) {
        if (broken_off(watch))
            return false;
        const bool take_right = less(*right, *left);
        *out++ = *(take_right ? right : left);
        right += take_right;
        left += !take_right;
        const bool take_left = less(right_end[-1], left_end[-1]);
        *--out_end = *((take_left ? left_end : right_end) - 1);
        left_end -= take_left;
        right_end -= !take_left;
    }
    while (left != left_end && right != right_end) {
        if (broken_off(watch))
            return false;
        *out++ = less(*right, *left) ? *right++ : *left++;
    }
    std::copy(right, right_end, std::copy(left, left_end, out));
    return true;
}

/// Inserts elements one by one into the sorted ones before them.
template <class U, class Less>
void insertion_sort(const U* from, const U* end, U* out, Less& less) {
    for (U* last = out; from != end; ++from, ++last) {
        U element = *from;
        U* at = last;
        for (; at != out && less(element, at[-1]); --at)
            *at = at[-1];
        *at = element;
    }
}

/// A stable merge sort of records that are copied bytewise, between two buffers: leaves are sorted
/// by themselves, then runs are merged level by level, each level in pieces that are cut out of
/// their two runs by binary search. Leaves, levels and pieces depend on the number of records
/// alone, and so do the comparisons made.
template <class U, class Less>
class merge_sort {
public:
    /// Records come to stand in `home`. Leaves have about `leaf` records at least.
    merge_sort(U* home, U* away, std::size_t count, Less& less, std::size_t leaf)
        : home_(home), away_(away), count_(count), less_(less) {
        const std::size_t leaves = count < 64       ? 1
                                   : count < 65'536 ? 16
                                                    : std::max<std::size_t>(64, count / leaf);
        const std::size_t share = std::max<std::size_t>((count + leaves - 1) / leaves, 1);
        piece_ = std::min(std::bit_floor(share), most_in_piece);
        leaf_ = (share + piece_ - 1) / piece_ * piece_;
        const std::size_t runs = (count + leaf_ - 1) / leaf_;
        levels_ = static_cast<std::size_t>(std::bit_width(runs == 0 ? 0 : runs - 1));
    }

    /// Errors and cancellation leave records anywhere in both buffers.
    template <class Fill>
    void run(Fill fill, const options& options, const parmap::options& later) {
        sort_leaves(fill, options);
        merge_leaves(later);
    }

    /// The first half of that: `fill(items)` puts records into `home`, where they are sorted leaf
    /// by leaf.
    template <class Fill>
    void sort_leaves(Fill fill, const options& options) {
        leaves_body<Fill> leaves{*this, fill};
        engine(options, memory_of<leaves_body<Fill>>).run({count_, leaf_}, leaves);
    }

    /// Where the leaves are once they are sorted.
    [[nodiscard]] U* leaves() const noexcept { return levels_ % 2 == 0 ? home_ : away_; }

    /// The second half.
    void merge_leaves(const options& later) {
        U* from = leaves();
        U* to = from == home_ ? away_ : home_;
        for (std::size_t level = 0; level != levels_; ++level) {
            merge_level pass{*this, from, to, leaf_ << level};
            engine(later, memory_of<merge_level>).run({count_, piece_}, pass);
            std::swap(from, to);
        }
    }

private:
    static constexpr std::size_t most_in_piece = 2'048;
    static constexpr std::size_t most_inserted = 8;

    template <class Fill>
    struct leaves_body {
        merge_sort& sort;
        Fill& fill;

        template <class Watch>
        void run(interval items, std::size_t& at, Watch& watch) {
            for (at = items.begin; at != items.end && !watch();) {
                const interval leaf{at, std::min(at + sort.leaf_, items.end)};
                fill(leaf);
                if (!sort.sort_leaf(leaf, watch))
                    return;
                at = leaf.end;
            }
        }

        void discard(interval) noexcept {}
    };

    struct merge_level {
        merge_sort& sort;
        U* from;
        U* to;
        std::size_t run_length;

        template <class Watch>
        void run(interval items, std::size_t& at, Watch& watch) {
            for (at = items.begin; at != items.end && !watch();) {
                const std::size_t end = std::min(at + sort.piece_, items.end);
                const std::size_t first = at / (2 * run_length) * (2 * run_length);
                const run_pair<U> runs = sort.pair_at(from, first, run_length, sort.count_)
                                             .part(at - first, end - first, sort.less_);
                if (!merge_runs(runs, to + at, sort.less_, watch))
                    return;
                at = end;
            }
        }

        void discard(interval) noexcept {}
    };

    static run_pair<U> pair_at(U* from, std::size_t first, std::size_t length,
                               std::size_t end) noexcept {
        const std::size_t middle = std::min(first + length, end);
        const std::size_t last = std::min(middle + length, end);
        return {from + first, from + middle, from + middle, from + last};
    }

    // Ends where the levels begin. False if broken off.
    template <class Watch>
    bool sort_leaf(interval leaf, Watch& watch) {
        const std::size_t chunks = (leaf.size() + most_inserted - 1) / most_inserted;
        const auto doublings = static_cast<std::size_t>(std::bit_width(chunks - 1));
        U* from = (doublings + levels_) % 2 == 0 ? home_ : away_;
        U* to = from == home_ ? away_ : home_;
        for (std::size_t at = leaf.begin; at < leaf.end; at += most_inserted) {
            if (broken_off(watch))
                return false;
            const std::size_t end = std::min(at + most_inserted, leaf.end);
            insertion_sort(home_ + at, home_ + end, from + at, less_);
        }
        for (std::size_t length = most_inserted; length < leaf.size(); length *= 2) {
            for (std::size_t at = leaf.begin; at < leaf.end; at += 2 * length) {
                if (!merge_runs(pair_at(from, at, length, leaf.end), to + at, less_, watch))
                    return false;
            }
            std::swap(from, to);
        }
        return true;
    }

    U* home_;
    U* away_;
    std::size_t count_;
    Less& less_;
    std::size_t piece_;
    std::size_t leaf_;
    std::size_t levels_;
};

} // namespace parmap::detail
