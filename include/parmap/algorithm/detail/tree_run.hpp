// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

// The tree of a reduction: node k of level j is op(left child, right child) and covers the leaves
// [k * 2^j, (k + 1) * 2^j). What of the right edge makes no whole node is folded from the right.

namespace parmap::detail {

/// One combination of a reduction: what `op` makes of two values, as a value again.
template <class T, class Op>
T combine(Op& op, T&& left, T&& right) {
    return static_cast<T>(std::invoke(op, std::forward<T>(left), std::forward<T>(right)));
}

/// The nodes of the tree that cover a run of neighbouring leaves, each as high as it can be without
/// leaves of another run: O(log n) of them. Two neighbouring runs make one.
///
/// Errors: what combining throws is the failure of leaf `end() - 1`, and breaks the run: it keeps
/// the nodes before those combined, and what is pushed from then on is dropped.
template <class T>
class tree_run {
public:
    tree_run() noexcept = default;
    ~tree_run() {
        clear();
        give_memory_back();
    }
    tree_run(const tree_run&) = delete;
    tree_run& operator=(const tree_run&) = delete;

    /// The leaf after the last one.
    [[nodiscard]] std::size_t end() const noexcept { return end_; }

    [[nodiscard]] bool empty() const noexcept { return count_ == 0; }

    /// Empties the run and lets it start anew.
    void restart(std::size_t begin) noexcept {
        clear();
        end_ = begin;
        broken_ = false;
    }

    /// Adds the node of `level` that begins at `end()`.
    template <class Op>
    void push(T&& value, unsigned level, Op& op) {
        end_ += std::size_t{1} << level;
        if (broken_)
            return;
        broken_ = true; // until all has gone well
        add(std::move(value), level);
        while (top_two_are_siblings())
            merge_top_two(op);
        broken_ = false;
    }

    /// Adds the nodes of a run that begins at `end()`.
    template <class Op>
    void append(const tree_run& right, Op& op) {
        for (std::size_t i = 0; i != right.count_ && !broken_; ++i)
            push(std::move(right.nodes_[i].value), right.nodes_[i].level, op);
    }

    /// After that, well or not: covers the leaves of that run, which is emptied.
    void take_over(tree_run& right) noexcept {
        end_ = right.end_;
        broken_ = broken_ || right.broken_;
        right.clear();
    }

    /// The value of all nodes, at least one of them, folded from the right.
    template <class Op>
    T fold(Op& op) {
        return fold_from(0, op);
    }

private:
    struct node {
        T value;
        unsigned level;
    };

    // A run from the first leaf on holds a node for each level at most, so that a short call
    // allocates nothing.
    static constexpr std::size_t few = std::clamp<std::size_t>(512 / sizeof(node), 2, 16);

    [[nodiscard]] bool top_two_are_siblings() const noexcept {
        if (count_ < 2)
            return false;
        const unsigned level = nodes_[count_ - 1].level;
        return nodes_[count_ - 2].level == level && end_ % (std::size_t{2} << level) == 0;
    }

    template <class Op>
    void merge_top_two(Op& op) {
        const unsigned level = nodes_[count_ - 1].level + 1;
        T merged = merged_top_two(op);
        construct(std::move(merged), level);
    }

    // Drops both, whether or not combining them throws.
    template <class Op>
    T merged_top_two(Op& op) {
        struct pair {
            ~pair() { std::destroy_n(run.nodes_ + (run.count_ -= 2), 2); }
            tree_run& run;
        };
        const pair both{*this};
        node* const top = nodes_ + count_;
        return combine(op, std::move(top[-2].value), std::move(top[-1].value));
    }

    template <class Op>
    T fold_from(std::size_t first, Op& op) {
        if (first + 1 == count_)
            return std::move(nodes_[first].value);
        return combine(op, std::move(nodes_[first].value), fold_from(first + 1, op));
    }

    void add(T&& value, unsigned level) {
        if (count_ == room_)
            grow();
        construct(std::move(value), level);
    }

    void construct(T&& value, unsigned level) {
        ::new (static_cast<void*>(nodes_ + count_)) node{std::move(value), level};
        ++count_;
    }

    void grow() {
        std::allocator<node> memory;
        const std::size_t room = 2 * room_ + 16;
        node* const nodes = memory.allocate(room);
        try {
            std::uninitialized_move_n(nodes_, count_, nodes);
        } catch (...) {
            memory.deallocate(nodes, room);
            throw;
        }
        std::destroy_n(nodes_, count_);
        give_memory_back();
        nodes_ = nodes;
        room_ = room;
    }

    void clear() noexcept {
        std::destroy_n(nodes_, count_);
        count_ = 0;
    }

    void give_memory_back() noexcept {
        if (room_ != few)
            std::allocator<node>().deallocate(nodes_, room_);
    }

    std::size_t end_ = 0;
    std::size_t count_ = 0;
    std::size_t room_ = few;
    node* nodes_ = reinterpret_cast<node*>(memory_);
    bool broken_ = false;
    alignas(node) std::byte memory_[few * sizeof(node)];
};

} // namespace parmap::detail
