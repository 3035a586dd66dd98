// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/leaf_body.hpp>
#include <parmap/algorithm/detail/leaf_sink.hpp>
#include <parmap/algorithm/map_into.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

// Reductions over numbers: a leaf of the tree is a block of elements, for which there is a kernel.

namespace parmap::detail {

template <class Range>
using leaf_element_of = leaf_element_t<std::ranges::range_value_t<Range>>;

// Elements that are computed when they are asked for may take any time: up to so many are computed
// by themselves first, more come a leaf at a time to each thread.
inline constexpr std::size_t few_computed = 64 * leaf_size;

template <class Range>
inline constexpr bool computes_elements =
    !std::is_lvalue_reference_v<std::ranges::range_reference_t<Range>> &&
    !is_packed_bit<std::remove_cvref_t<std::ranges::range_reference_t<Range>>>;

template <class S, class Range, class T, class Leaf, class Op>
void reduce_leaves_in_place(Range& range, const Leaf& leaf, tree_call<T, Op>& tree,
                            const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    auto first = first_of(range);
    using body_type = leaf_body<decltype(first), S, T, Leaf, Op>;
    body_type body{std::move(first), leaf, tree};
    engine(options, memory_of<body_type>).run({count, leaf_size}, body);
}

template <class S, class Range, class T, class Leaf, class Op>
void reduce_computed(Range& range, const Leaf& leaf, tree_call<T, Op>& tree,
                     const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    const auto elements = std::make_unique_for_overwrite<S[]>(count);
    const std::span<S> out(elements.get(), count);
    const auto as_element = [](auto&& element) { return static_cast<S>(element); };
    map_into_in_place(range, out, as_element, options);
    std::size_t at = 0;
    no_watch watch;
    leaf_body<S*, S, T, Leaf, Op>{elements.get(), leaf, tree}.run({0, count}, at, watch);
}

template <class S, class Range, class T, class Leaf, class Op>
void reduce_leaves_in_batches(Range& range, const Leaf& leaf, tree_call<T, Op>& tree,
                              const options& options) {
    using sink_type = leaf_sink<S, T, Leaf, Op>;
    sink_type sink(leaf, tree);
    walk_all(range, sink, options);
    sink.finish();
}

/// The value of the tree over the leaves of a range, if there is one: `leaf(elements, count,
/// first)` makes a node of neighbouring elements, and `op` combines two. Neither throws.
template <class T, class Range, class Leaf, class Op>
std::optional<T> reduce_leaves(Range& range, const Leaf& leaf, Op op, const options& options) {
    using S = leaf_element_of<Range>;
    tree_call<T, Op> tree(op);
    if constexpr (!splittable_range<Range>) {
        reduce_leaves_in_batches<S>(range, leaf, tree, options);
    } else if (computes_elements<Range> && std::ranges::size(range) <= few_computed) {
        reduce_computed<S>(range, leaf, tree, options);
    } else {
        reduce_leaves_in_place<S>(range, leaf, tree, options);
    }
    tree.settle();
    return tree.value();
}

} // namespace parmap::detail
