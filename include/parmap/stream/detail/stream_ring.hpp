// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>
#include <parmap/runtime/detail/failure.hpp>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>

namespace parmap::detail {

/// Whose result comes next: that of the next element, or that which is ready first.
enum class delivery { in_order, as_completed };

/// A stream's slots, of which each holds an element and then its result, and how they go round:
/// from the thread that pulls to those that run, to the consumer and back.
///
/// Elements are numbered as they are pulled, results as they are delivered: in order these are the
/// same numbers, else results are numbered as they come. The consumer gives slots back in the order
/// of delivery, and the pull takes them up again in that order; which slot an element has is
/// written where the number finds it until the element has been begun.
///
/// Threads: one at a time pulls and one consumes; any number publish.
class stream_ring {
public:
    /// The most slots that a ring has.
    static constexpr std::size_t most = std::size_t{1} << 20;

    stream_ring(delivery order, std::size_t slots)
        : order_(order), slots_(std::bit_ceil(std::clamp<std::size_t>(slots, 1, most))),
          ready_(std::make_unique<std::atomic<std::uint32_t>[]>(slots_)) {
        if (!in_order()) {
            slot_of_ = std::make_unique<std::uint32_t[]>(slots_);
            std::iota(slot_of_.get(), slot_of_.get() + slots_, std::uint32_t{0});
        }
    }

    [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
    [[nodiscard]] bool in_order() const noexcept { return order_ == delivery::in_order; }

    // --- The pull's.

    /// How many elements have been pulled. Threads: any.
    [[nodiscard]] std::size_t pulled() const noexcept {
        return pulled_.load(std::memory_order_acquire);
    }

    /// Where element `index` waits: for the pull, from when it is to be pulled next; for others,
    /// until it has been begun.
    [[nodiscard]] std::uint32_t slot_of(std::size_t index) const noexcept {
        return in_order() ? static_cast<std::uint32_t>(at(index)) : slot_of_[at(index)];
    }

    /// The next element is in its slot.
    void add() noexcept {
        pulled_.store(pulled_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

    // --- Those who run.

    /// The result of element `index` is in `slot`: its number. `exact` is for `awaited`.
    std::size_t publish(std::size_t index, std::uint32_t slot, bool exact) noexcept {
        const std::size_t number =
            in_order() ? index : completed_.fetch_add(1, std::memory_order_relaxed);
        // Two stores: an order that is no constant is taken for the strictest.
        std::atomic<std::uint32_t>& ready = ready_[at(number)];
        if (exact) {
            ready.store(slot + 1, std::memory_order_seq_cst);
        } else {
            ready.store(slot + 1, std::memory_order_release);
        }
        return number;
    }

    /// Whether the consumer sleeps until this result is there. To be asked after it has been
    /// published: either the consumer sees it before it sleeps, or this tells. If it was not
    /// published exactly, both may miss in the few nanoseconds that a store takes to be seen.
    [[nodiscard]] bool awaited(std::size_t number) const noexcept {
        return awaited_.load(std::memory_order_seq_cst) == number;
    }

    /// How many results have been published, if they are not delivered in order. Threads: any.
    [[nodiscard]] std::size_t completed() const noexcept {
        return completed_.load(std::memory_order_relaxed);
    }

    // --- The consumer's.

    /// How many results have been given back: the number of the next one.
    [[nodiscard]] std::size_t consumed() const noexcept {
        return consumed_.load(std::memory_order_acquire);
    }

    /// Whether the next result is there. Threads: any.
    [[nodiscard]] bool ready() const noexcept { return next_slot() != 0; }

    /// Where it is, if it is.
    [[nodiscard]] std::uint32_t slot_of_next() const noexcept { return next_slot() - 1; }

    /// Gives the next result's slot back.
    void consume() noexcept {
        const std::size_t number = consumed_.load(std::memory_order_relaxed);
        std::atomic<std::uint32_t>& ready = ready_[at(number)];
        if (!in_order())
            slot_of_[at(number)] = ready.load(std::memory_order_relaxed) - 1;
        ready.store(0, std::memory_order_relaxed);
        consumed_.store(number + 1, std::memory_order_release);
    }

    /// Whoever publishes the next result, unless it is there already, is to say so.
    void await_next() noexcept {
        awaited_.store(consumed_.load(std::memory_order_relaxed), std::memory_order_seq_cst);
    }

    void await_nothing() noexcept { awaited_.store(no_index, std::memory_order_relaxed); }

    /// Calls `visit(slot)` for each result that has not been given back, once nobody publishes.
    template <class Visit>
    void for_each_ready(Visit visit) const {
        for (std::size_t i = 0; i != slots_; ++i) {
            if (const std::uint32_t slot = ready_[i].load(std::memory_order_relaxed); slot != 0)
                visit(slot - 1);
        }
    }

private:
    [[nodiscard]] std::size_t at(std::size_t number) const noexcept {
        return number & (slots_ - 1);
    }

    [[nodiscard]] std::uint32_t next_slot() const noexcept {
        return ready_[at(consumed_.load(std::memory_order_relaxed))].load(
            std::memory_order_seq_cst);
    }

    const delivery order_;
    const std::size_t slots_;                                   // a power of two
    const std::unique_ptr<std::atomic<std::uint32_t>[]> ready_; // slot + 1; 0: not yet
    std::unique_ptr<std::uint32_t[]> slot_of_;                  // in order: one's own
    alignas(cache_line) std::atomic<std::size_t> pulled_ = 0;
    alignas(cache_line) std::atomic<std::size_t> completed_ = 0;
    alignas(cache_line) std::atomic<std::size_t> consumed_ = 0;
    alignas(cache_line) std::atomic<std::size_t> awaited_ = no_index;
};

} // namespace parmap::detail
