// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>
#include <parmap/runtime/detail/partition.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <new>

namespace parmap::detail {

/// What one thread has to do of a call over a range, and has done.
struct alignas(cache_line) participant {
    claimable_range units;
    std::atomic<bool> vacant = false; // its thread has left, and another may take its place
    std::size_t done = 0;
    double busy = 0;     // nanoseconds in items
    interval gap{};      // items of the chunk it broke off at, without results
    interval leftover{}; // items it had not begun by then, without results
};

/// The participants of a call, the caller first. Few stand in the call itself, which is on the
/// caller's stack; without memory for more it goes on with those.
class participants {
public:
    explicit participants(std::size_t count) noexcept
        : count_(count), many_(count > few ? new(std::nothrow) participant[count] : nullptr) {
        if (!many_) {
            count_ = std::min(count_, few);
            std::uninitialized_default_construct_n(begin(), count_); // touches no other lines
        }
    }

    [[nodiscard]] std::size_t count() const noexcept { return count_; }
    participant& operator[](std::size_t i) noexcept { return begin()[i]; }
    participant& front() noexcept { return *begin(); }
    participant* begin() noexcept {
        return many_ ? many_.get() : std::launder(reinterpret_cast<participant*>(few_));
    }
    participant* end() noexcept { return begin() + count_; }

private:
    static constexpr std::size_t few = 4;
    std::size_t count_;
    alignas(participant) std::byte few_[few * sizeof(participant)];
    std::unique_ptr<participant[]> many_;
};

} // namespace parmap::detail
