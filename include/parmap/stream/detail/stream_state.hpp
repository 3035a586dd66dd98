// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/failure.hpp>
#include <parmap/stream/detail/stream_chunk.hpp>
#include <parmap/stream/detail/stream_ring.hpp>
#include <parmap/stream/detail/stream_window.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <utility>

namespace parmap::detail {

/// Who may begin what in a stream: elements are pulled by one thread at a time, taken on in chunks
/// in their order, and run.
///
/// Threads: all under the mutex of the stream, but for `limit` and `pulling`.
class stream_state {
public:
    stream_state(const stream_ring& ring, const stream_window& window) noexcept
        : ring_(ring), window_(window) {}

    /// Results end at this index, `no_index` while that is not known: what is above need not run.
    [[nodiscard]] const std::atomic<std::size_t>& limit() const noexcept { return ends_at_; }

    void end_at(std::size_t index) noexcept {
        ends_at_.store(std::min(index, ends_at()), std::memory_order_relaxed);
    }

    // --- The pull.

    [[nodiscard]] bool pulling() const noexcept { return pulling_.load(std::memory_order_acquire); }

    /// Elements that may be pulled.
    [[nodiscard]] std::size_t room() const noexcept {
        const std::size_t under_way = ring_.pulled() - ring_.consumed();
        return std::min(window_.room(under_way),
                        ring_.slots() - std::min(under_way, ring_.slots()));
    }

    [[nodiscard]] bool may_pull() const noexcept { return live() && !pulling() && !source_ended_; }

    void begin_pull() noexcept { pulling_.store(true, std::memory_order_relaxed); }

    void end_pull(bool source_goes_on) noexcept {
        pulling_.store(false, std::memory_order_release);
        source_ended_ = !source_goes_on;
    }

    // --- Chunks.

    /// How many elements have been pulled and wait to be taken on.
    [[nodiscard]] std::size_t waiting() const noexcept {
        const std::size_t end = std::min(ring_.pulled(), ends_at());
        return end - std::min(taken_, end);
    }

    /// The first element that nobody has taken on.
    [[nodiscard]] std::size_t taken() const noexcept { return taken_; }

    /// Takes on up to `most` of those that wait.
    void take(stream_chunk& into, std::size_t most) noexcept {
        const std::size_t count = std::min(waiting(), most);
        into.fill(taken_, count, ring_);
        taken_ += count;
        enlist(into);
    }

    /// Whether somebody has more in hand than it runs.
    [[nodiscard]] bool can_steal() const noexcept {
        for (const stream_chunk* at = in_hand_; at != nullptr; at = at->next_) {
            if (at->any_left() && at->first_left() < ends_at())
                return true;
        }
        return false;
    }

    /// Takes over half of that.
    bool steal(stream_chunk& into) noexcept {
        for (stream_chunk* at = in_hand_; at != nullptr; at = at->next_) {
            if (at->first_left() < ends_at() && into.steal_from(*at)) {
                enlist(into);
                return true;
            }
        }
        return false;
    }

    /// Takes over all that another has not begun, unless it is busy.
    bool steal_all(stream_chunk& into, stream_chunk& from, const std::atomic<bool>& busy) noexcept {
        const bool stolen = from.first_left() < ends_at() &&
                            into.steal_all_from(from, [&busy] { return busy.load(); });
        if (stolen)
            enlist(into);
        return stolen;
    }

    /// A chunk is done with, if it has not been already.
    void drop(stream_chunk& chunk) noexcept {
        if (!std::exchange(chunk.listed_, false))
            return;
        stream_chunk** link = &in_hand_;
        while (*link != &chunk)
            link = &(*link)->next_;
        *link = chunk.next_;
    }

    // --- Workers.

    /// Workers that run items.
    [[nodiscard]] std::size_t running() const noexcept { return running_; }
    void begin_run() noexcept { ++running_; }
    void end_run() noexcept { --running_; }

    // --- The consumer.

    /// Whether no result comes any more, once that which is ready has been taken.
    [[nodiscard]] bool exhausted() const noexcept {
        if (live() && !source_ended_)
            return false;
        if (ring_.in_order())
            return ring_.consumed() >= std::min(ring_.pulled(), ends_at());
        return running_ == 0 && waiting() == 0 && ring_.consumed() == ring_.completed();
    }

    /// Whether nobody has begun what the consumer waits for, and the consumer could.
    [[nodiscard]] bool next_unbegun() const noexcept {
        const bool unbegun = ring_.in_order() ? taken_ == ring_.consumed() : running_ == 0;
        return unbegun && !ring_.ready() && (waiting() != 0 || (may_pull() && room() != 0));
    }

private:
    // Puts a chunk where thieves find it.
    void enlist(stream_chunk& chunk) noexcept {
        if (std::exchange(chunk.listed_, true))
            return;
        chunk.next_ = in_hand_;
        in_hand_ = &chunk;
    }

    [[nodiscard]] std::size_t ends_at() const noexcept {
        return ends_at_.load(std::memory_order_relaxed);
    }

    [[nodiscard]] bool live() const noexcept { return ends_at() == no_index; }

    const stream_ring& ring_;
    const stream_window& window_;
    std::atomic<std::size_t> ends_at_ = no_index;
    std::atomic<bool> pulling_ = false;
    bool source_ended_ = false;
    std::size_t taken_ = 0;
    std::size_t running_ = 0;
    stream_chunk* in_hand_ = nullptr;
};

} // namespace parmap::detail
