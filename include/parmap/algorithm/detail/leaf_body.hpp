// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/lanes.hpp>
#include <parmap/algorithm/detail/tree_call.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace parmap::detail {

/// What numbers of a range are held as in a leaf.
template <class Value>
using leaf_element_t =
    std::conditional_t<has_lanes<Value> || std::floating_point<Value>, Value,
                       std::conditional_t<std::same_as<Value, bool>, unsigned char,
                                          std::conditional_t<std::signed_integral<Value>,
                                                             std::int64_t, std::uint64_t>>>;

/// Makes a node of each whole leaf of a random-access range: `leaf(elements, count, first)`.
template <class First, class S, class T, class Leaf, class Op>
struct leaf_body {
    First first;
    const Leaf& leaf;
    tree_call<T, Op>& tree;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        at = items.begin;
        tree_run<T>& run = tree.take(at / leaf_size);
        const putting_back<T, Op> end{tree, run};
        while (at != items.end && !watch()) {
            if constexpr (std::same_as<Watch, no_watch> && in_memory) {
                if (at % several == 0 && items.end - at >= several) {
                    tree.push(run, node<several_levels>(at), several_levels);
                    at += several;
                    continue;
                }
            }
            if (!add_leaf(std::min(items.end, at + leaf_size), at, watch, run))
                return;
        }
    }

    void discard(interval) noexcept {}

private:
    static constexpr bool in_memory =
        std::is_pointer_v<First> &&
        std::same_as<std::remove_cvref_t<decltype(*std::declval<First>())>, S>;
    static constexpr unsigned several_levels = 3;
    static constexpr std::size_t several = leaf_size << several_levels;

    // The node of `Level` that begins there, which is quicker than to push its leaves one by one.
    template <unsigned Level>
    T node(std::size_t begin) {
        if constexpr (Level == 0) {
            return leaf(first + begin, leaf_size, begin);
        } else {
            T left = node<Level - 1>(begin);
            T right = node<Level - 1>(begin + (leaf_size << (Level - 1)));
            return tree.combined(std::move(left), std::move(right));
        }
    }

    // False if the call was interrupted before the leaf's end.
    template <class Watch>
    bool add_leaf(std::size_t end, std::size_t& at, Watch& watch, tree_run<T>& run) {
        if constexpr (in_memory) {
            tree.push(run, leaf(first + at, end - at, at));
        } else {
            S elements[leaf_size];
            const std::size_t begin = at;
            if (!collect(elements, {begin, end}, at, watch))
                return false;
            tree.push(run, leaf(elements, end - begin, begin));
        }
        at = end;
        return true;
    }

    // Leaves `at` at the element that throws; if the call is interrupted, at the leaf's first.
    template <class Watch>
    bool collect(S* elements, interval items, std::size_t& at, Watch& watch) {
        for (std::size_t i = items.begin; i != items.end; ++i) {
            at = i;
            elements[i - items.begin] = static_cast<S>(at_index(first, i));
            if (interrupted(watch)) {
                at = items.begin;
                return false;
            }
        }
        return true;
    }

    static bool interrupted(watch& watch) noexcept { return watch() && watch.interrupted(); }
    static bool interrupted(no_watch&) noexcept { return false; }
};

} // namespace parmap::detail
