// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace parmap {

/// Leaves a call that was asked to stop before all its items had run.
class operation_cancelled : public std::runtime_error {
public:
    /// After `done` of `total` items.
    explicit operation_cancelled(std::size_t done = 0, std::size_t total = 0)
        : operation_cancelled("parmap: operation cancelled", done, total) {}

    /// Items that had run. Of a call that goes over its elements more than once: the items of the
    /// pass in which it was stopped, such as blocks or groups.
    [[nodiscard]] std::size_t done() const noexcept { return done_; }

    /// Items of the call; 0 if an unsized source had not ended.
    [[nodiscard]] std::size_t total() const noexcept { return total_; }

protected:
    /// For what derives from it: `what` says why the call was stopped.
    operation_cancelled(const char* what, std::size_t done, std::size_t total)
        : std::runtime_error(std::string(what) + " after " + std::to_string(done) +
                             (total == 0 ? "" : " of " + std::to_string(total)) + " items"),
          done_(done), total_(total) {}

private:
    std::size_t done_;
    std::size_t total_;
};

/// Leaves a call whose deadline passed before all its items had run.
class deadline_exceeded : public operation_cancelled {
public:
    /// After `done` of `total` items.
    explicit deadline_exceeded(std::size_t done = 0, std::size_t total = 0)
        : operation_cancelled("parmap: deadline exceeded", done, total) {}
};

} // namespace parmap
