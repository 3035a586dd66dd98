// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/failure.hpp>
#include <parmap/stream/detail/segment.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <iterator>
#include <memory>

namespace parmap::detail {

/// Whose result comes next: that of the next element, or that which is ready first.
enum class delivery { in_order, as_completed };

/// What a stream has pulled and how far each element has come: from the pull, which one thread at a
/// time does, to waiting, to running in a thread's hands, to finished, to the consumer.
///
/// Threads: all under the mutex of the stream, but for the limit.
class stream_state {
public:
    explicit stream_state(delivery order) noexcept : order_(order) {}

    /// Results end at this index, `no_index` while that is not known: what is above need not run.
    [[nodiscard]] const std::atomic<std::size_t>& limit() const noexcept { return ends_at_; }

    void end_at(std::size_t index) noexcept {
        ends_at_.store(std::min(index, ends_at()), std::memory_order_relaxed);
    }

    [[nodiscard]] std::size_t pulled() const noexcept { return pulled_; }
    [[nodiscard]] bool pulling() const noexcept { return pulling_; }
    [[nodiscard]] std::size_t pulls() const noexcept { return pulls_; }

    /// Threads that work on the stream.
    [[nodiscard]] std::size_t busy() const noexcept { return running_ + (pulling_ ? 1 : 0); }

    [[nodiscard]] bool piece_waits() const noexcept {
        return !waiting_.empty() && waiting_.front().items.begin < ends_at();
    }

    [[nodiscard]] bool may_pull() const noexcept { return live() && !pulling_ && !source_ended_; }

    /// Whether elements have been pulled by a thread that goes on pulling.
    [[nodiscard]] bool pulled_unnoticed() const noexcept {
        return live() && open_ && open_->end() > pulled_;
    }

    /// The first element that nobody has begun, if it waits, or else is to be pulled.
    [[nodiscard]] std::size_t first_unbegun() const noexcept {
        return waiting_.empty() ? pulled_ : waiting_.front().items.begin;
    }

    [[nodiscard]] bool deliverable() const noexcept {
        return !finished_.empty() &&
               (order_ == delivery::as_completed || finished_.front().items.begin == head_);
    }

    /// Whether no result comes any more.
    [[nodiscard]] bool exhausted() const noexcept {
        if (live() && !source_ended_)
            return false;
        if (order_ == delivery::in_order)
            return head_ == std::min(pulled_, ends_at());
        return finished_.empty() && running_ == 0 && !piece_waits();
    }

    /// Whether nobody has begun what the consumer waits for, and somebody could.
    [[nodiscard]] bool head_unbegun() const noexcept {
        const bool unbegun =
            order_ == delivery::in_order ? first_unbegun() == head_ : running_ == 0;
        return unbegun && (piece_waits() || may_pull() || pulled_unnoticed());
    }

    // --- From the pull to the consumer.

    void begin_pull() noexcept {
        pulling_ = true;
        ++pulls_;
    }

    void open(std::shared_ptr<segment> into) noexcept { open_ = std::move(into); }

    /// Takes what has been pulled into the segment opened by now, though the pull goes on.
    /// Errors: std::bad_alloc.
    void take_from_pull() {
        const interval so_far{pulled_, open_->end()};
        waiting_.emplace_back(open_, so_far);
        pulled_ = so_far.end;
    }

    /// `rest`, a piece of the segment opened if one was, is for what has not been taken so far.
    void end_pull(pieces& rest, bool source_goes_on) noexcept {
        pulling_ = false;
        source_ended_ = !source_goes_on;
        const std::shared_ptr<segment> from = std::move(open_);
        if (!from || from->end() == pulled_)
            return;
        rest.front().items = {pulled_, from->end()};
        rest.front().at = pulled_;
        pulled_ = from->end();
        put_in_order(waiting_, rest);
    }

    /// The first piece that waits, shortened to `most` items, is now run by whoever takes it.
    void take(pieces& into, std::size_t most) noexcept {
        shorten(waiting_.begin(), most);
        into.splice(into.end(), waiting_, waiting_.begin());
        ++running_;
    }

    /// A piece has run; `rest` has what it was broken off before, if it was.
    void end_run(pieces& ran, pieces& rest) noexcept {
        --running_;
        if (!rest.empty())
            put_in_order(waiting_, rest);
        if (ran.front().at == ran.front().items.begin) {
            ran.clear();
        } else if (order_ == delivery::in_order) {
            put_in_order(finished_, ran);
        } else {
            finished_.splice(finished_.end(), ran);
        }
    }

    /// Hands the next piece with results to the consumer.
    void deliver(pieces& to) noexcept {
        head_ = finished_.front().at;
        to.splice(to.end(), finished_, finished_.begin());
    }

private:
    [[nodiscard]] std::size_t ends_at() const noexcept {
        return ends_at_.load(std::memory_order_relaxed);
    }

    [[nodiscard]] bool live() const noexcept { return ends_at() == no_index; }

    void shorten(pieces::iterator whole, std::size_t most) noexcept {
        if (whole->items.size() <= most)
            return;
        try {
            const std::size_t end = whole->items.begin + most;
            waiting_.emplace(std::next(whole), whole->where, interval{end, whole->items.end});
            whole->items.end = end;
        } catch (...) {
            return; // without memory for a second piece the first stays long
        }
    }

    const delivery order_;
    std::atomic<std::size_t> ends_at_ = no_index;
    std::size_t pulled_ = 0; // elements that stand in pieces, or have
    std::size_t head_ = 0;   // in order: the first that has not been delivered
    std::size_t running_ = 0;
    std::size_t pulls_ = 0;
    bool pulling_ = false;
    bool source_ended_ = false;
    std::shared_ptr<segment> open_; // into which somebody pulls
    pieces waiting_;                // in order
    pieces finished_;               // with results; as they are to be delivered
};

} // namespace parmap::detail
