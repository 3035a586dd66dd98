// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>
#include <parmap/stream/detail/stream_ring.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace parmap::detail {

/// Neighbours that a thread has taken on. It takes them one after another, and a thread with
/// nothing to do may take the farther half of what is left: none waits behind an item that takes
/// long.
///
/// Owner and thief meet as in Cilk: each says first what it takes, then looks at what the other has
/// said, in one order for both; if they disagree the mutex of the stream decides.
/// Source: M. Frigo, C. Leiserson, K. Randall, "The Implementation of the Cilk-5 Multithreaded
/// Language", PLDI 1998, section 5.
///
/// Threads: `next` and what it tells are the owner's; all else is done under the mutex.
class alignas(cache_line) stream_chunk {
public:
    /// The most elements of a chunk.
    static constexpr std::size_t most = 64;

    stream_chunk() = default;
    stream_chunk(const stream_chunk&) = delete;
    stream_chunk& operator=(const stream_chunk&) = delete;

    /// Takes the next element in hand. False if nothing is left, or a thief may be about to have
    /// it: then `withdraw` tells.
    bool next() noexcept {
        at_.store(run_ + 1, std::memory_order_seq_cst);
        if (run_ >= end_.load(std::memory_order_seq_cst))
            return false;
        ++run_;
        return true;
    }

    /// The element in hand.
    [[nodiscard]] std::size_t index() const noexcept { return first_ + run_ - 1; }
    [[nodiscard]] std::uint32_t slot() const noexcept { return slot_[run_ - 1]; }

    /// The one after it.
    [[nodiscard]] std::size_t next_index() const noexcept { return first_ + run_; }

    // --- Under the mutex.

    /// After `next` has refused: whether there is something after all.
    bool withdraw() noexcept {
        at_.store(run_, std::memory_order_relaxed);
        return run_ < end_.load(std::memory_order_relaxed);
    }

    /// Elements `first` up to `first + count` of a ring, into a chunk that is empty.
    void fill(std::size_t first, std::size_t count, const stream_ring& ring) noexcept {
        first_ = first;
        for (std::size_t i = 0; i != count; ++i)
            slot_[i] = ring.slot_of(first + i);
        reset(count);
    }

    /// Takes the farther half of what another has not begun into a chunk that is empty.
    bool steal_from(stream_chunk& other) noexcept {
        return take_from(other, false, [] { return true; });
    }

    /// Takes all of it, unless the owner is `busy()`: which it says, in one order with what it
    /// takes, before it takes something.
    template <class Busy>
    bool steal_all_from(stream_chunk& other, Busy busy) noexcept {
        return take_from(other, true, [busy] { return !busy(); });
    }

    /// Whether a thief could take something.
    [[nodiscard]] bool any_left() const noexcept {
        return at_.load(std::memory_order_acquire) < end_.load(std::memory_order_relaxed);
    }

    /// Whether the owner has something left or is `busy`. It says that it is before it takes
    /// something: who sees that the last element has been taken, and only then looks whether the
    /// owner is busy, does not miss that one.
    [[nodiscard]] bool in_use(const std::atomic<bool>& busy) const noexcept {
        return any_left() || busy.load();
    }

    /// The first that a thief could take.
    [[nodiscard]] std::size_t first_left() const noexcept {
        return first_ + at_.load(std::memory_order_relaxed);
    }

    /// Keeps what has not been run from thieves: how many elements these are, for `left`.
    [[nodiscard]] std::size_t give_up() noexcept {
        const std::uint32_t end = end_.load(std::memory_order_relaxed);
        at_.store(run_, std::memory_order_relaxed);
        end_.store(run_, std::memory_order_relaxed);
        return end - std::min(run_, end);
    }

    /// The slot of the `i`th element given up.
    [[nodiscard]] std::uint32_t left(std::size_t i) const noexcept { return slot_[run_ + i]; }

private:
    friend class stream_state;

    template <class Allowed>
    bool take_from(stream_chunk& other, bool all, Allowed allowed) noexcept {
        const std::uint32_t end = other.end_.load(std::memory_order_relaxed);
        const std::uint32_t at = other.at_.load(std::memory_order_relaxed);
        if (at >= end)
            return false;
        const std::uint32_t cut = all ? at : at + (end - at) / 2;
        other.end_.store(cut, std::memory_order_seq_cst);
        if (other.at_.load(std::memory_order_seq_cst) > cut || !allowed()) {
            other.end_.store(end, std::memory_order_relaxed);
            return false;
        }
        first_ = other.first_ + cut;
        std::copy(other.slot_.begin() + cut, other.slot_.begin() + end, slot_.begin());
        reset(end - cut);
        return true;
    }

    void reset(std::size_t count) noexcept {
        run_ = 0;
        at_.store(0, std::memory_order_relaxed);
        end_.store(static_cast<std::uint32_t>(count), std::memory_order_relaxed);
    }

    std::atomic<std::uint32_t> at_ = 0;  // the owner has taken those before it
    std::atomic<std::uint32_t> end_ = 0; // thieves have taken those from it on
    std::uint32_t run_ = 0;              // the owner has begun those before it
    std::size_t first_ = 0;
    std::array<std::uint32_t, most> slot_ = {};
    stream_chunk* next_ = nullptr; // in the list of chunks in hand
    bool listed_ = false;
};

} // namespace parmap::detail
