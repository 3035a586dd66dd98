// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <set>
#include <thread>
#include <vector>

namespace parmap_test {

/// Which items a verb began, on which threads, how many at once, and whether any still ran or
/// began after the verb had returned. Assertions are no business of the callable: it only enters.
class call_log {
    struct item {
        std::atomic<int> calls = 0;
        std::thread::id thread = {};
    };

    class visit {
    public:
        explicit visit(call_log& log) : log_(log) {}
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;
        ~visit() { --log_.inside_; }

    private:
        call_log& log_;
    };

public:
    explicit call_log(std::size_t n) : items_(n) {}

    /// The first thing an item does; the returned guard is held to its end.
    [[nodiscard]] visit enter(std::size_t i) {
        if (closed_) {
            strayed_ = true;
        }
        const int now = ++inside_;
        int most = most_;
        while (now > most && !most_.compare_exchange_weak(most, now)) {
        }
        if (++items_.at(i).calls == 1) {
            items_[i].thread = std::this_thread::get_id();
        }
        ++calls_;
        return visit(*this);
    }

    /// The first thing after the verb returned or threw: nothing may be inside now.
    void close() {
        strayed_ = strayed_ || inside_ != 0;
        closed_ = true;
    }

    /// True if nothing ran past close(); gives a stray some time to show itself.
    bool quiet(std::chrono::milliseconds patience = std::chrono::milliseconds(0)) const {
        std::this_thread::sleep_for(patience);
        return closed_ && !strayed_ && inside_ == 0;
    }

    bool ran(std::size_t i) const { return items_.at(i).calls > 0; }
    bool ran_all_below(std::size_t end) const {
        return std::all_of(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(end),
                           [](const item& one) { return one.calls > 0; });
    }
    bool each_ran_once() const {
        return std::all_of(items_.begin(), items_.end(),
                           [](const item& one) { return one.calls == 1; });
    }
    bool none_ran_twice() const {
        return std::all_of(items_.begin(), items_.end(),
                           [](const item& one) { return one.calls <= 1; });
    }
    std::size_t calls() const { return calls_; }
    std::size_t most_at_once() const { return static_cast<std::size_t>(most_); }
    std::set<std::thread::id> threads() const {
        std::set<std::thread::id> all;
        for (const item& one : items_) {
            if (one.calls > 0) {
                all.insert(one.thread);
            }
        }
        return all;
    }

private:
    std::vector<item> items_;
    std::atomic<std::size_t> calls_ = 0;
    std::atomic<int> inside_ = 0;
    std::atomic<int> most_ = 0;
    std::atomic<bool> closed_ = false;
    std::atomic<bool> strayed_ = false;
};

} // namespace parmap_test
