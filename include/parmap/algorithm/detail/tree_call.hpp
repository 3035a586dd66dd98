// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/tree_run.hpp>
#include <parmap/runtime/detail/failure.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <iterator>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

namespace parmap::detail {

/// The tree of one call while threads work on it: runs of leaves that have been folded, in order.
/// Whoever ends a run joins it to the neighbours that are there, so that combining is shared as
/// the leaves are, and the runs left are few: some for each thread, however long the call.
///
/// The run of the first leaves stands apart. It is handed on from whoever folded up to a leaf to
/// whoever folds that leaf, without a lock, since nobody else does: what runs on one thread takes
/// none.
///
/// Threads: every member may be called concurrently, but for `settle` and what follows it.
template <class T, class Op>
class tree_call {
public:
    explicit tree_call(Op& op) : op_(op) {}

    /// A run that begins or ends at leaf `begin`, to be added to by one thread until it is put
    /// back.
    tree_run<T>& take(std::size_t begin) {
        if (front_end_.load(std::memory_order_acquire) == begin) {
            front_end_.store(no_index, std::memory_order_relaxed);
            return front_;
        }
        return take_other(begin);
    }

    /// Gives a run back, and joins it to its neighbours. What combining throws is noted.
    void put_back(tree_run<T>& run) noexcept {
        if (&run == &front_) {
            front_end_.store(run.end(), std::memory_order_release);
        } else {
            put_back_other(run);
        }
    }

    /// Adds a leaf to a run that has been taken.
    void push(tree_run<T>& run, T&& value, unsigned level = 0) {
        run.push(std::move(value), level, op_);
    }

    /// What `op` makes of two values.
    T combined(T&& left, T&& right) { return combine(op_, std::move(left), std::move(right)); }

    /// Notes that `leaf`, or combining what ends with it, has thrown.
    void fail(std::size_t leaf, std::exception_ptr error) noexcept {
        failure_.record(leaf, std::move(error));
    }

    /// The lowest leaf known to have failed: those above need not run.
    [[nodiscard]] std::size_t limit() const noexcept { return failure_.limit(); }

    /// Once nobody works on the call any more: joins all leaves from the first on that have been
    /// folded, and lets out what a serial evaluation of the tree would have thrown among them.
    void settle() {
        for (entry& next : others_) {
            if (next.begin != front_.end())
                break;
            join(front_, next.run);
        }
        if (failure_.limit() <= front_.end())
            failure_.rethrow();
    }

    /// After `settle`: `op(init, tree)`.
    T result(T&& init) {
        if (front_.empty())
            return std::move(init);
        return combine(op_, std::move(init), front_.fold(op_));
    }

    /// After `settle`: the value of the tree, if it has leaves.
    std::optional<T> value() {
        if (front_.empty())
            return std::nullopt;
        return front_.fold(op_);
    }

private:
    // Leaves `begin` to `end` as they were when the run was put back; a run that is taken grows.
    struct entry {
        tree_run<T> run;
        std::size_t begin = 0;
        std::size_t end = 0;
        bool taken = true;
    };
    using entries = std::list<entry>;
    using place = typename entries::iterator;

    tree_run<T>& take_other(std::size_t begin) {
        const std::lock_guard lock(mutex_);
        const place next =
            std::ranges::find_if(others_, [begin](const entry& e) { return e.begin > begin; });
        if (next != others_.begin()) {
            entry& before = *std::prev(next);
            if (!before.taken && before.end == begin) {
                before.taken = true;
                return before.run;
            }
        }
        return add(begin, next);
    }

    tree_run<T>& add(std::size_t begin, place before) {
        if (spare_.empty())
            spare_.emplace_back();
        others_.splice(before, spare_, spare_.begin());
        entry& added = *std::prev(before);
        added.run.restart(begin);
        added.begin = begin;
        added.taken = true;
        return added.run;
    }

    void put_back_other(tree_run<T>& run) noexcept {
        std::unique_lock lock(mutex_);
        place at = std::ranges::find_if(others_, [&run](const entry& e) { return &e.run == &run; });
        at->taken = false;
        at->end = run.end();
        for (;;) {
            if (at != others_.begin() && joinable(*std::prev(at), *at)) {
                --at;
            } else if (std::next(at) == others_.end() || !joinable(*at, *std::next(at))) {
                return;
            }
            join_next(at, lock);
        }
    }

    static bool joinable(const entry& left, const entry& right) noexcept {
        return !left.taken && !right.taken && left.end == right.begin;
    }

    // Nobody else touches either, nor what lies between them, while the lock is not held.
    void join_next(place left, std::unique_lock<std::mutex>& lock) noexcept {
        const place right = std::next(left);
        left->taken = right->taken = true;
        lock.unlock();
        join(left->run, right->run);
        lock.lock();
        left->taken = false;
        left->end = left->run.end();
        spare_.splice(spare_.begin(), others_, right);
    }

    void join(tree_run<T>& left, tree_run<T>& right) noexcept {
        try {
            left.append(right, op_);
        } catch (...) {
            fail(left.end() - 1, std::current_exception());
        }
        left.take_over(right);
    }

    Op& op_;
    tree_run<T> front_;
    std::atomic<std::size_t> front_end_ = 0; // no_index: somebody has the run
    first_failure failure_;
    std::mutex mutex_;
    entries others_; // in order; with a gap, or somebody at work, between any two
    entries spare_;
};

/// Gives a run back, however its scope is left.
template <class T, class Op>
class putting_back {
public:
    putting_back(tree_call<T, Op>& tree, tree_run<T>& run) noexcept : tree_(tree), run_(run) {}
    ~putting_back() { tree_.put_back(run_); }
    putting_back(const putting_back&) = delete;
    putting_back& operator=(const putting_back&) = delete;

private:
    tree_call<T, Op>& tree_;
    tree_run<T>& run_;
};

} // namespace parmap::detail
