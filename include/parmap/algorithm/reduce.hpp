// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/tree_call.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <ranges>
#include <type_traits>
#include <utility>

namespace parmap {

namespace detail {

/// Folds what a callable makes of each element of a random-access range.
template <class First, class F, class T, class Op>
struct reduce_body {
    First first;
    F& f;
    tree_call<T, Op>& tree;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        at = items.begin;
        if (at > tree.limit()) {
            at = items.end; // none of them can change how the call ends
            return;
        }
        try {
            tree_run<T>& run = tree.take(at);
            const putting_back<T, Op> end{tree, run};
            fold(items, at, watch, run);
        } catch (...) {
            tree.fail(at, std::current_exception());
            throw;
        }
    }

    void discard(interval) noexcept {}

private:
    template <class Watch>
    void fold(interval items, std::size_t& at, Watch& watch, tree_run<T>& run) {
        std::size_t i = items.begin;
        try {
            while (i != items.end && !watch()) {
                if constexpr (std::same_as<Watch, no_watch>) {
                    if (i % 8 == 0 && items.end - i >= 8) {
                        tree.push(run, node<3>(i), 3);
                        ++i;
                        continue;
                    }
                }
                tree.push(run, leaf(i));
                ++i;
            }
        } catch (...) {
            at = i;
            throw;
        }
        at = i;
    }

    // The node of `Level` that ends with the leaf that `i` is left at, written out, since that is
    // faster than a loop. `i` is the leaf that is being evaluated or that ended last.
    template <unsigned Level>
    T node(std::size_t& i) {
        if constexpr (Level == 0) {
            return leaf(i);
        } else {
            T left = node<Level - 1>(i);
            ++i;
            T right = node<Level - 1>(i);
            return tree.combined(std::move(left), std::move(right));
        }
    }

    T leaf(std::size_t i) { return static_cast<T>(call(f, at_index(first, i))); }
};

/// Folds what a callable makes of each element of a range that is read in batches.
template <class F, class T, class Op>
struct reduce_sink {
    F& f;
    tree_call<T, Op>& tree;

    struct place {
        tree_run<T>* run;
        std::size_t end;
    };

    void admit(std::size_t) const noexcept {}

    place open(interval items) { return {&tree.take(items.begin), items.end}; }

    template <class Element>
    void put(Element&& element, std::size_t i, place into) {
        if (i > tree.limit())
            return; // it cannot change how the call ends
        try {
            tree.push(*into.run, static_cast<T>(call(f, std::forward<Element>(element))));
        } catch (...) {
            tree.fail(i, std::current_exception());
            throw;
        }
        if (i + 1 == into.end)
            tree.put_back(*into.run);
    }
};

template <class T, class Range, class F, class Op>
void reduce_in_place(Range& range, F& f, tree_call<T, Op>& tree, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    auto first = first_of(range);
    using body_type = reduce_body<decltype(first), F, T, Op>;
    body_type body{std::move(first), f, tree};
    engine(options, memory_for<body_type>(f)).run({count}, body);
}

template <class T, class Range, class F, class Op>
void reduce_in_batches(Range& range, F& f, tree_call<T, Op>& tree, const options& options) {
    using sink_type = reduce_sink<F, T, Op>;
    sink_type sink{f, tree};
    walk_all(range, sink, options);
}

template <class Range, class F, class T, class Op>
T reduce(Range& range, F& f, T init, Op& op, const options& options) {
    tree_call<T, Op> tree(op);
    try {
        if constexpr (splittable_range<Range>) {
            reduce_in_place(range, f, tree, options);
        } else {
            reduce_in_batches(range, f, tree, options);
        }
    } catch (...) {
        tree.settle(); // combining may have failed at a lower index, or fail yet
        throw;
    }
    tree.settle();
    return tree.result(std::move(init));
}

} // namespace detail

/// Maps `map` over a range and combines the results: `op(init, op(...))`, without a container for
/// them.
///
/// Results are converted to the type of `init`, which enters once, leftmost. They are combined
/// along a tree that depends on their number alone, so that the value is the same, bit for bit, on
/// any number of threads and under any schedule and grain. `op` is given two rvalues; it must be
/// associative, and need not commute.
///
/// - Complexity: one call of `map` and one of `op` for each element; O(threads * log n)
///   memory.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: the exception of the lowest element where `map` throws, or that is the last of those
///   that a throwing `op` combines, as a serial walk over the tree lets out. Nothing runs after the
///   call has returned, and every value is destroyed.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items were left out.
/// - Blocking: until every item has run; the caller works too.
///
/// Example: examples/08_monte_carlo.cpp
/// Source: the binary counter of Bentley and Saxe, "Decomposable searching problems I" (1980); for
/// the error of sums along it, Higham, "The accuracy of floating point summation" (1993).
template <std::ranges::input_range Range, class F, std::move_constructible T, class Op>
    requires callable_with_each_element<F, Range> && mapped_to_the_type_of_init<F, Range, T> &&
             combines_two_values<Op, T>
T map_reduce(Range&& range, F&& map, T init, Op&& op, const options& options = {}) {
    return detail::reduce(range, map, std::move(init), op, options);
}

/// Combines the elements of a range: `map_reduce` with no map.
///
/// Elements are converted to the type of `init` first: start with 0.0, not 0, for doubles.
///
/// - Complexity, threads, errors, cancellation, blocking: as `map_reduce`.
template <std::ranges::input_range Range, std::move_constructible T, class Op>
    requires mapped_to_the_type_of_init<std::identity, Range, T> && combines_two_values<Op, T>
T parallel_reduce(Range&& range, T init, Op&& op, const options& options = {}) {
    std::identity itself;
    return detail::reduce(range, itself, std::move(init), op, options);
}

} // namespace parmap
