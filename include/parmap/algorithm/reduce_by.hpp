// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/grouping.hpp>
#include <parmap/algorithm/detail/keyed.hpp>
#include <parmap/algorithm/detail/tree_run.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/whole_call.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <ranges>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parmap {

/// A callable makes of each element, given as an lvalue, a value of type V.
template <class Value, class Range, class V>
concept makes_a_value_of_each_lvalue =
    std::ranges::input_range<Range> &&
    callable_with<std::remove_reference_t<Value>, detail::shared_element_t<Range>> &&
    std::is_constructible_v<V, decltype(detail::call(
                                   std::declval<std::remove_reference_t<Value>&>(),
                                   std::declval<detail::shared_element_t<Range>>()))>;

/// An operation makes one V of two, and there can be a V for each group to begin with.
template <class Op, class V>
concept combines_values_of_groups =
    std::copy_constructible<V> && std::is_move_assignable_v<V> &&
    std::is_constructible_v<V, std::invoke_result_t<std::remove_reference_t<Op>&, V, V>>;

namespace detail {

/// Folds a group's values from block to block, from `init` on.
template <class V, class Op>
struct fold_join {
    const V& init;
    Op& op;

    template <class Chain>
    void begin(const Chain& group) {
        V& first = group.first->value;
        first = combine(op, V(init), std::move(first));
    }

    void add(V& all, V& next) { all = combine(op, std::move(all), std::move(next)); }
};

/// Groups elements by `key(element)` and folds their values: within a block from the first one on,
/// across blocks from `init` on.
template <class K, class V, class Range, class Key, class Value, class Op>
std::unordered_map<K, V> reduce_groups(Range& range, Key& key, Value& value, const V& init, Op& op,
                                       const options& options) {
    const auto put = [&](sharded_table<K, V>& table, auto&& element) {
        with_key<K>(key, element, [&](std::size_t hash, auto&& made) {
            key_table<K, V>& shard = table.shard_of(hash);
            if (V* const known = shard.find(hash, made)) {
                *known = combine(op, std::move(*known), V(call(value, element)));
            } else {
                shard.add(hash, std::forward<decltype(made)>(made), V(call(value, element)));
            }
        });
    };
    return group_in_place<K, V>(range, put, fold_join<V, Op>{init, op}, options);
}

template <class K, class V, class Range, class Key, class Value, class Op>
std::unordered_map<K, V> reduce_walked(Range& range, Key& key, Value& value, const V& init, Op& op,
                                       const options& options) {
    using record = keyed_value<K, V>;
    const auto keep = [&](auto&& element) {
        return record{K(call(key, element)), V(call(value, element))};
    };
    const auto group = [&](std::vector<record>& records, const parmap::options& later) {
        auto key_of = [](record& r) -> K&& { return std::move(r.key); };
        auto value_of = [](record& r) -> V&& { return std::move(r.value); };
        return reduce_groups<K, V>(records, key_of, value_of, init, op, later);
    };
    return group_walked<record>(range, keep, group, options);
}

} // namespace detail

/// Folds the values of each group: a map from `key(element)`, decayed, to
/// op(... op(op(init, v0), v1) ..., vn), where the v are `value(element)` of the group's elements
/// in their order, converted to the type of `init`.
///
/// `op(V, V)` has to be associative; it need not commute. Elements are cut into at most 16 blocks
/// that depend on their number alone; a group's values are folded from the left within each block,
/// and these, after `init`, from block to block: the same bits, whatever the threads and options.
///
/// - Complexity: one call of `key` and `value` and one hash for each element, one call of `op` for
///   each and for each group of each block; memory for each group of each block. Putting groups
///   into the map is serial, all else is not. Of a range that can only be walked, keys and values
///   are kept until it ends.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: the first exception of a serial loop that goes from block to block. Of each element
///   in turn it takes the key, hashes it, compares it with the block's keys of the same hash, takes
///   the value and folds; after a block's last element it compares and folds what the block has of
///   each group with the blocks before, in an order that hashes give. Of a range that can only be
///   walked, an element's value is taken before its key is hashed; if it fails at some element, the
///   blocks are those of the elements before.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out. Progress
///   counts elements that are in their groups.
/// - Blocking: until every group is folded; the caller works too.
template <std::ranges::input_range Range, class Key, class Value, class Init, class Op>
    requires makes_a_key_of_each_lvalue<Key, Range> &&
             makes_a_value_of_each_lvalue<Value, Range, std::decay_t<Init>> &&
             combines_values_of_groups<Op, std::decay_t<Init>>
auto reduce_by(Range&& range, Key&& key, Value&& value, Init&& init, Op&& op,
               const options& options = {}) {
    const detail::whole_call here(options);
    using K = detail::made_of_shared_t<Key, Range>;
    using V = std::decay_t<Init>;
    const V& first = init;
    if constexpr (detail::splittable_range<Range>) {
        return detail::reduce_groups<K, V>(range, key, value, first, op, options);
    } else {
        return detail::reduce_walked<K, V>(range, key, value, first, op, options);
    }
}

} // namespace parmap
