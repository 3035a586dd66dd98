// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/ending.hpp>
#include <parmap/runtime/detail/failure.hpp>
#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/stream/detail/stream_chunk.hpp>
#include <parmap/stream/detail/stream_ring.hpp>
#include <parmap/stream/detail/stream_window.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace parmap::detail {

/// Somebody to be told that the result which the consumer sleeps for is there.
class result_listener {
public:
    virtual void result_came() noexcept = 0;

protected:
    ~result_listener() = default;
};

/// What all who run elements of a stream share.
struct stream_items {
    stream_ring& ring;
    stream_window& window;
    ending& end;
    const std::atomic<std::size_t>& limit; ///< results end here: what is above need not run
    result_listener& consumer;
};

/// A thread's way through a chunk: `while (next()) { run the element in slot(); done(); }`. Each
/// result is handed over as soon as it is there, before the next element begins.
class chunk_run {
public:
    enum class outcome { refused, enough, beyond_limit, interrupted };

    /// Runs `most` elements at most. Quick ones are timed now and then: reading the clock may take
    /// as long as they do. `chance` counts.
    chunk_run(stream_chunk& chunk, const stream_items& all, watch& eye, std::size_t most,
              std::size_t& chance) noexcept
        : chunk_(chunk), all_(all), eye_(eye), most_(most), watched_(all.end.watched()),
          exact_(!all.window.items_are_quick()),
          timed_(watched_ || all.window.clock_is_cheap() || ++chance % 8 == 0) {
        if (watched_)
            eye_.begin_block();
        if (timed_)
            began_ = clock::now();
    }

    /// Takes the next element in hand. False if there is none for this thread: `why()`.
    bool next() noexcept {
        const bool taken = may_go_on() && chunk_.next();
        if (last_ != no_index && all_.ring.awaited(last_))
            all_.consumer.result_came();
        return taken;
    }

    [[nodiscard]] std::uint32_t slot() const noexcept { return chunk_.slot(); }

    /// The result of the element in hand is in its slot.
    void done() noexcept {
        last_ = all_.ring.publish(chunk_.index(), chunk_.slot(), exact_);
        ++done_;
    }

    [[nodiscard]] outcome why() const noexcept { return why_; }

    /// How many elements have been run.
    [[nodiscard]] std::size_t count() const noexcept { return done_; }

    /// Counts what has been run since this was last called.
    void tell() noexcept {
        if (!timed_)
            return; // nor watched
        const clock::time_point now = clock::now();
        if (const std::size_t more = done_ - told_; more != 0) {
            const auto time = std::chrono::duration<double, std::nano>(now - began_).count();
            all_.window.note(more, time);
            all_.end.count(more, time);
        }
        told_ = done_;
        began_ = now;
    }

private:
    using clock = std::chrono::steady_clock;

    [[nodiscard]] bool may_go_on() noexcept {
        if (done_ == most_) {
            why_ = outcome::enough;
        } else if (chunk_.next_index() >= all_.limit.load(std::memory_order_relaxed)) {
            why_ = outcome::beyond_limit;
        } else if (watched_ && interrupted()) {
            why_ = outcome::interrupted;
        } else {
            return true;
        }
        return false;
    }

    [[nodiscard]] bool interrupted() noexcept {
        if (eye_() && !eye_.interrupted()) { // it takes long
            tell();
            eye_.begin_block();
        }
        return eye_.interrupted() || all_.end.interrupted();
    }

    stream_chunk& chunk_;
    const stream_items& all_;
    watch& eye_;
    const std::size_t most_;
    const bool watched_;
    const bool exact_; // else a fence for each item would keep the core from overlapping them
    const bool timed_;
    clock::time_point began_{};
    std::size_t done_ = 0;
    std::size_t told_ = 0;
    std::size_t last_ = no_index; // the number of the last result
    outcome why_ = outcome::refused;
};

} // namespace parmap::detail
