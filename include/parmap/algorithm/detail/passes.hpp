// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/partition.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>

// Verbs that go over their elements more than once, or keep something for each block of them.

namespace parmap::detail {

/// The options of a pass after the one whose elements count as the call's progress: the same
/// threads, stop token and deadline.
inline options later_pass(const options& options) {
    parmap::options later = options;
    later.on_progress = {};
    later.grain = 0;
    return later;
}

/// The options of a pass that, once begun, must come to its end: elements are on their way, all of
/// them have run, or what is left shows only which exception a serial loop would have let out.
inline options to_the_end(const options& options) {
    return {.pool = options.pool, .schedule = options.schedule};
}

/// Elements cut into blocks of a power of two, the last one shorter: where the cuts lie depends on
/// the number of elements alone, and so does whatever is combined block by block.
class blocks {
public:
    constexpr blocks() = default;

    /// Blocks as long as there are blocks, so that neither what is done within a block nor what
    /// is done from block to block takes long.
    static constexpr blocks square(std::size_t items) noexcept {
        const std::size_t width = static_cast<std::size_t>(std::bit_width(items));
        return blocks(items, std::min<std::size_t>(width / 2, 14));
    }

    /// At most `most` blocks, of one element each if there are no more elements.
    static constexpr blocks few(std::size_t items, std::size_t most) noexcept {
        const std::size_t length = items == 0 ? 1 : (items - 1) / most + 1;
        return blocks(items, static_cast<std::size_t>(std::bit_width(length - 1)));
    }

    [[nodiscard]] constexpr std::size_t items() const noexcept { return items_; }
    [[nodiscard]] constexpr std::size_t length() const noexcept { return std::size_t{1} << shift_; }

    [[nodiscard]] constexpr std::size_t count() const noexcept {
        return items_ == 0 ? 0 : of(items_ - 1) + 1;
    }

    /// The block that an element lies in.
    [[nodiscard]] constexpr std::size_t of(std::size_t item) const noexcept {
        return item >> shift_;
    }

    [[nodiscard]] constexpr std::size_t begin_of(std::size_t block) const noexcept {
        return block << shift_;
    }

    [[nodiscard]] constexpr std::size_t end_of(std::size_t block) const noexcept {
        return std::min(begin_of(block) + length(), items_);
    }

    /// Calls `piece(block, items)`, which moves `at` on, with what lies in each block, until one
    /// of them leaves off before its end.
    template <class Piece>
    void for_each_piece(interval items, std::size_t& at, Piece piece) const {
        at = items.begin;
        while (at != items.end) {
            const std::size_t block = of(at);
            const std::size_t end = std::min(items.end, end_of(block));
            piece(block, interval{at, end});
            if (at != end)
                return;
        }
    }

private:
    constexpr blocks(std::size_t items, std::size_t shift) noexcept
        : items_(items), shift_(shift) {}

    std::size_t items_ = 0;
    std::size_t shift_ = 0;
};

} // namespace parmap::detail
