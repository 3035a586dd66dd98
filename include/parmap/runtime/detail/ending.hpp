// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/call_record.hpp>
#include <parmap/runtime/detail/failure.hpp>
#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/runtime/detail/progress_meter.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <utility>

namespace parmap::detail {

/// How a call ends: all its items have run, one has thrown, or some were left out because the call
/// was interrupted or its listener threw.
///
/// Threads: until `settle`, every member may be called concurrently.
class ending {
public:
    /// `total` is 0 where a range does not know its size.
    ending(const options& options, std::size_t total)
        : interruption_(options), meter_(options.on_progress, total), total_(total),
          record_(recorded_call::record_of(options)) {}

    [[nodiscard]] const detail::interruption& interruption() const noexcept {
        return interruption_;
    }

    /// Whether anything has to be looked at while items run.
    [[nodiscard]] bool watched() const noexcept {
        return interruption_.possible() || meter_.listening();
    }

    /// The lowest index known to have thrown: what is above need not run.
    [[nodiscard]] std::size_t limit() const noexcept { return failure_.limit(); }

    /// Whether items are being left out.
    [[nodiscard]] bool interrupted() const noexcept {
        return meter_.failed() || left_out_.load(std::memory_order_relaxed) != no_index;
    }

    /// Whether the call can no longer return its results.
    [[nodiscard]] bool hopeless() const noexcept { return failure_.any() || interrupted(); }

    /// So many more items have run, in so many nanoseconds.
    void count(std::size_t items, double time) noexcept {
        meter_.add(items);
        if (record_ != nullptr)
            record_->add(items, time);
    }

    /// Runs items from `at` on, by `items(at)`; notes what it throws, or that it was interrupted.
    /// True if the call may go on.
    template <class Items>
    bool run(std::size_t& at, const watch& eye, Items items) noexcept {
        try {
            if (!meter_.failed()) {
                items(at);
                if (!eye.interrupted()) {
                    return true;
                }
            }
        } catch (...) {
            fail(at, std::current_exception());
            return false;
        }
        leave_out(at);
        return false;
    }

    void fail(std::size_t index, std::exception_ptr error) noexcept {
        failure_.record(index, std::move(error));
    }

    /// Items from `index` on are left out here.
    void leave_out(std::size_t index) noexcept {
        std::size_t lowest = left_out_.load(std::memory_order_relaxed);
        while (index < lowest &&
               !left_out_.compare_exchange_weak(lowest, index, std::memory_order_relaxed)) {
        }
    }

    /// Once nobody works on the call any more, `done` items having run: lets out the exception that
    /// a serial loop would have let out. Otherwise returns null if all items have run, or what a
    /// call with items left out is to throw.
    std::exception_ptr settle(std::size_t done) {
        const std::size_t left_out = left_out_.load(std::memory_order_relaxed);
        if (limit() < left_out)
            failure_.rethrow();
        meter_.rethrow();
        if (left_out != no_index)
            return interruption_.error(done, total_);
        meter_.finish(done);
        if (record_ != nullptr)
            record_->total.store(done, std::memory_order_relaxed);
        return nullptr;
    }

private:
    const detail::interruption interruption_;
    progress_meter meter_;
    first_failure failure_;
    std::atomic<std::size_t> left_out_ = no_index; // the lowest
    const std::size_t total_;
    call_record* const record_;
};

} // namespace parmap::detail
