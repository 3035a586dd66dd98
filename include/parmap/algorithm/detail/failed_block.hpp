// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/failure.hpp>

#include <cstddef>
#include <exception>
#include <mutex>

namespace parmap::detail {

/// The lowest block in which something threw, and whether that is what the call has to throw.
class failed_block {
public:
    void record(std::size_t block, bool last_word) noexcept {
        const std::lock_guard lock(mutex_);
        if (block < block_) {
            block_ = block;
            last_word_ = last_word;
            error_ = std::current_exception();
        }
    }

    /// Whether the exception being handled came from the lowest block, and others may come first.
    [[nodiscard]] bool may_be_preceded() const noexcept {
        return !last_word_ && error_ && error_ == std::current_exception();
    }

    [[nodiscard]] std::size_t block() const noexcept { return block_; }
    [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

private:
    std::mutex mutex_;
    std::size_t block_ = no_index;
    bool last_word_ = true;
    std::exception_ptr error_;
};

} // namespace parmap::detail
