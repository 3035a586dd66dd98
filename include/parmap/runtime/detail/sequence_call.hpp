// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/batch.hpp>
#include <parmap/runtime/detail/ending.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/team.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

namespace parmap::detail {

/// A call over elements that one thread, the caller's, reads in batches while others work on those
/// already read. The caller works as well whenever enough batches wait, and no more than a window
/// of them ever does, so that memory is bounded however long the range is.
class sequence_call final : public shared_call {
public:
    /// Elements that have been read before took `first_time` nanoseconds together; `total` is 0
    /// where the range does not know its size.
    sequence_call(team& team, batch_reader& reader, const options& options, std::size_t total,
                  double first_time)
        : team_(team), reader_(reader), grain_(options.grain), total_(total),
          read_(reader.read_so_far()), done_(read_), ending_(options, total),
          watch_(ending_.interruption()) {
        ending_.count(read_, first_time);
    }

    /// Reads everything and works on it with up to `helpers` workers. Blocking: until all are done.
    void run(std::size_t helpers) noexcept {
        helpers_ = helpers;
        if (helpers_ != 0)
            team_.open(*this, 0);
        while (!ended_ && !ending_.hopeless()) {
            if (window_full()) {
                run_one(watch_);
            } else {
                read_one();
            }
        }
        while (run_one(watch_)) {
        }
        if (helpers_ != 0)
            team_.close(*this);
    }

    /// Once `run` has returned: lets out the exception that a serial loop would have let out.
    /// Otherwise returns null if all items have run, or what a call with items left out is to
    /// throw.
    std::exception_ptr settle() { return ending_.settle(done_.load(std::memory_order_relaxed)); }

    /// What an item took, in nanoseconds; 0 if none ran.
    [[nodiscard]] double item_time() const noexcept { return item_time_.load(); }

private:
    using nanoseconds = std::chrono::duration<double, std::nano>;

    static constexpr double batch_time = 50'000; // nanoseconds
    static constexpr double most_items = 4'096;

    void work() noexcept override {
        watch watch(ending_.interruption());
        while (run_one(watch)) {
        }
    }

    bool work_added() noexcept override {
        const std::lock_guard lock(mutex_);
        return !waiting_.empty();
    }

    bool window_full() noexcept {
        const std::lock_guard lock(mutex_);
        return waiting_.size() > 2 * helpers_;
    }

    // What the source throws is the failure of the element that it would have given.
    void read_one() noexcept {
        try {
            ended_ = !reader_.more();
            if (ended_) {
                return;
            }
            if (watch_() && watch_.interrupted()) {
                return ending_.leave_out(read_);
            }
            pass_on(reader_.read(batch_items()));
        } catch (...) {
            ended_ = true;
            ending_.fail(read_, std::current_exception());
        }
    }

    void pass_on(std::unique_ptr<batch> next) {
        const std::size_t end = next->items().end;
        std::size_t waiting = 0;
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(std::move(next));
            waiting = waiting_.size();
        }
        read_ = end;
        if (helpers_ != 0)
            team_.reopen(*this, waiting, helpers_);
    }

    std::size_t batch_items() const noexcept {
        if (helpers_ == 0) {
            return 1; // nobody else could work on the others meanwhile
        }
        if (grain_ != 0)
            return grain_;
        const double time = item_time_.load(std::memory_order_relaxed);
        if (time <= 0)
            return 1;
        double items = std::min(batch_time / time, most_items);
        if (total_ != 0) {
            const double left = static_cast<double>(total_ - std::min(read_, total_));
            items = std::min(items, left / static_cast<double>(4 * (helpers_ + 1)));
        }
        return static_cast<std::size_t>(std::max(items, 1.0));
    }

    // Works on the batch that has waited longest; false if none waits.
    bool run_one(watch& watch) noexcept {
        const std::unique_ptr<batch> next = take_one();
        if (!next)
            return false;
        const interval items = next->items();
        if (items.begin >= ending_.limit())
            return true;
        std::size_t at = items.begin;
        while (at != items.end && run_some(*next, at, watch)) {
        }
        return true;
    }

    // Elements of a batch from `at` on, up to its end or a good while. False if they broke off
    // there for good.
    bool run_some(batch& batch, std::size_t& at, watch& watch) noexcept {
        const std::size_t first = at;
        watch.begin_block();
        const clock::time_point begin = clock::now();
        const bool goes_on =
            ending_.run(at, watch, [&](std::size_t& reached) { batch.run(reached, watch); });
        if (at != first) {
            account(at - first, clock::now() - begin);
        }
        return goes_on;
    }

    std::unique_ptr<batch> take_one() noexcept {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty())
            return nullptr;
        std::unique_ptr<batch> next = std::move(waiting_.front());
        waiting_.pop_front();
        return next;
    }

    void account(std::size_t items, clock::duration time) noexcept {
        const double taken = nanoseconds(time).count();
        done_.fetch_add(items, std::memory_order_relaxed);
        item_time_.store(std::max(taken / static_cast<double>(items), 0.01),
                         std::memory_order_relaxed);
        ending_.count(items, taken);
    }

    team& team_;
    batch_reader& reader_;
    const std::size_t grain_;
    const std::size_t total_;
    std::size_t helpers_ = 0;
    std::size_t read_;
    bool ended_ = false;
    std::atomic<std::size_t> done_;
    std::atomic<double> item_time_ = 0;
    ending ending_;
    watch watch_; // the caller's
    std::mutex mutex_;
    std::deque<std::unique_ptr<batch>> waiting_;
};

} // namespace parmap::detail
