// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/lanes.hpp>
#include <parmap/algorithm/detail/tree_call.hpp>
#include <parmap/runtime/detail/batch.hpp>
#include <parmap/runtime/detail/partition.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <list>
#include <mutex>
#include <utility>

namespace parmap::detail {

/// Makes a node of each whole leaf of a range that is read in batches. Batches end anywhere: their
/// elements are put where the leaf collects them, and who puts the last one makes the node. There
/// are no more leaves under way than batches.
///
/// Threads: `admit` and `open` are the reading thread's, `put` anyone's; `finish` once all is put.
template <class S, class T, class Leaf, class Op>
class leaf_sink {
    struct collected {
        std::size_t number = 0;
        std::atomic<std::size_t> count = 0;
        collected* next = nullptr; // of the leaf after it, if the batch reaches that far
        S elements[leaf_size];
    };

public:
    leaf_sink(const Leaf& leaf, tree_call<T, Op>& tree) : leaf_(leaf), tree_(tree) {}

    struct place {
        collected* into;
        std::size_t end;
        std::size_t uncounted;
    };

    void admit(std::size_t index) noexcept { admitted_ = index + 1; }

    place open(interval items) {
        const std::size_t first = items.begin / leaf_size;
        if (items.begin % leaf_size == 0)
            last_ = begin_leaf(first);
        collected* const into = last_;
        for (std::size_t next = first + 1; next * leaf_size < items.end; ++next) {
            last_->next = begin_leaf(next);
            last_ = last_->next;
        }
        return {into, items.end, 0};
    }

    template <class Element>
    void put(Element&& element, std::size_t i, place& here) {
        collected& into = *here.into;
        into.elements[i % leaf_size] = static_cast<S>(std::forward<Element>(element));
        ++here.uncounted;
        const bool leaf_ends = (i + 1) % leaf_size == 0;
        const bool batch_ends = i + 1 == here.end;
        if (!leaf_ends && !batch_ends)
            return;
        if (!batch_ends)
            here.into = into.next; // before another thread may use this one for another leaf
        const std::size_t count = std::exchange(here.uncounted, 0);
        if (into.count.fetch_add(count, std::memory_order_acq_rel) + count == leaf_size)
            complete(into);
    }

    /// Makes a node of the last leaf, if it is not a whole one.
    void finish() {
        const std::size_t rest = admitted_ % leaf_size;
        if (rest == 0)
            return;
        for (collected& one : under_way_) {
            if (one.number == admitted_ / leaf_size)
                return add(one, rest);
        }
    }

private:
    collected* begin_leaf(std::size_t number) {
        const std::lock_guard lock(mutex_);
        if (spare_.empty())
            spare_.emplace_back();
        under_way_.splice(under_way_.end(), spare_, spare_.begin());
        collected& begun = under_way_.back();
        begun.number = number;
        begun.count.store(0, std::memory_order_relaxed);
        return &begun;
    }

    void complete(collected& leaf) {
        add(leaf, leaf_size);
        const std::lock_guard lock(mutex_);
        for (auto one = under_way_.begin(); one != under_way_.end(); ++one) {
            if (&*one == &leaf)
                return spare_.splice(spare_.begin(), under_way_, one);
        }
    }

    void add(collected& leaf, std::size_t count) {
        try {
            tree_run<T>& run = tree_.take(leaf.number);
            const putting_back<T, Op> end{tree_, run};
            tree_.push(run, leaf_(leaf.elements, count, leaf.number * leaf_size));
        } catch (...) {
            tree_.fail(leaf.number, std::current_exception());
            throw;
        }
    }

    const Leaf& leaf_;
    tree_call<T, Op>& tree_;
    std::size_t admitted_ = 0;
    collected* last_ = nullptr;
    std::mutex mutex_;
    std::list<collected> under_way_;
    std::list<collected> spare_;
};

} // namespace parmap::detail
