// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace parmap::detail {

/// How far a call has come and what its items took, for a future to read while they run.
///
/// Threads: every member may be called concurrently.
struct call_record {
    std::atomic<std::size_t> done = 0;
    std::atomic<std::size_t> total = 0; // 0: unknown until the end
    std::atomic<std::int64_t> busy_ns = 0;

    /// `items` more have run, in so many nanoseconds.
    void add(std::size_t items, double nanoseconds) noexcept {
        done.fetch_add(items, std::memory_order_relaxed);
        busy_ns.fetch_add(static_cast<std::int64_t>(nanoseconds), std::memory_order_relaxed);
    }
};

/// Has the call that is given `options` on this thread, and no other, keep a record, for as long as
/// the object lives.
class recorded_call {
public:
    recorded_call(const options& options, call_record& record) noexcept
        : options_(options), record_(record), outer_(innermost_) {
        innermost_ = this;
    }

    ~recorded_call() { innermost_ = outer_; }

    recorded_call(const recorded_call&) = delete;
    recorded_call& operator=(const recorded_call&) = delete;

    /// The record that a call is to keep; null if none.
    static call_record* record_of(const options& options) noexcept {
        return innermost_ != nullptr && &innermost_->options_ == &options ? &innermost_->record_
                                                                          : nullptr;
    }

private:
    static inline constinit thread_local const recorded_call* innermost_ = nullptr;

    const options& options_;
    call_record& record_;
    const recorded_call* outer_;
};

/// Has a call that is given a changed copy of `options` keep the record that one given `options`
/// would keep.
class recorded_as {
public:
    recorded_as(const options& options, const parmap::options& copy) noexcept {
        if (call_record* const record = recorded_call::record_of(options))
            recorded_.emplace(copy, *record);
    }

private:
    std::optional<recorded_call> recorded_;
};

} // namespace parmap::detail
