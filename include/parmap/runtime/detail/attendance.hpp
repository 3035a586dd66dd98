// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>

namespace parmap::detail {

/// How many are present, and whether they may come and go as they like: one word. A team counts its
/// calls and tasks in progress, until it takes no new ones; a call its workers, until it is to know
/// when one of them leaves.
///
/// Once closed, who leaves does so under the team's mutex: the last to leave still finds what it
/// leaves, since whoever waits for that to become empty needs the mutex as well.
///
/// Threads: every member may be called concurrently.
class attendance {
public:
    [[nodiscard]] bool closed() const noexcept {
        return (word_.load(std::memory_order_relaxed) & closed_bit) != 0;
    }

    [[nodiscard]] bool empty() const noexcept {
        return word_.load(std::memory_order_acquire) < one;
    }

    [[nodiscard]] std::size_t count() const noexcept {
        return word_.load(std::memory_order_relaxed) / one;
    }

    /// How many were present at that moment.
    std::size_t close() noexcept {
        return word_.fetch_or(closed_bit, std::memory_order_relaxed) / one;
    }

    void enter() noexcept { word_.fetch_add(one, std::memory_order_relaxed); }

    /// False if closed: then nobody has entered.
    [[nodiscard]] bool enter_if_open() noexcept { return change_if_open(one); }

    /// False if closed: then this is to be done by `leave`, under the mutex.
    [[nodiscard]] bool leave_if_open() noexcept { return change_if_open(0 - one); }

    /// True if nobody is left.
    bool leave() noexcept { return word_.fetch_sub(one, std::memory_order_release) < 2 * one; }

private:
    static constexpr std::size_t closed_bit = 1;
    static constexpr std::size_t one = 2;

    bool change_if_open(std::size_t by) noexcept {
        std::size_t word = word_.load(std::memory_order_relaxed);
        do {
            if ((word & closed_bit) != 0)
                return false;
        } while (!word_.compare_exchange_weak(word, word + by, std::memory_order_release,
                                              std::memory_order_relaxed));
        return true;
    }

    std::atomic<std::size_t> word_ = 0;
};

} // namespace parmap::detail
