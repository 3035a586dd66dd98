// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/grouping.hpp>
#include <parmap/algorithm/detail/keyed.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/whole_call.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parmap {

/// Elements can be kept: as values made of what the range gives.
template <class Range>
concept range_of_keepable_elements =
    std::ranges::input_range<Range> &&
    std::constructible_from<std::ranges::range_value_t<Range>, element_t<Range>> &&
    std::move_constructible<std::ranges::range_value_t<Range>>;

namespace detail {

/// Appends the values of later blocks to those of the first.
template <class T>
struct list_join {
    template <class Chain>
    void begin(const Chain& group) {
        std::size_t count = 0;
        for (auto* entry = group.first; entry != nullptr; entry = entry->next)
            count += entry->value.size();
        group.first->value.reserve(count);
    }

    void add(std::vector<T>& all, std::vector<T>& next) {
        for (auto&& value : next)
            all.push_back(std::move(value));
        next = std::vector<T>();
    }
};

template <class K, class T, class Range, class Key, class Take>
std::unordered_map<K, std::vector<T>> group_elements(Range& range, Key& key, Take take,
                                                     const options& options) {
    using list = std::vector<T>;
    const auto put = [&](sharded_table<K, list>& table, auto&& element) {
        with_key<K>(key, element, [&](std::size_t hash, auto&& made) {
            key_table<K, list>& shard = table.shard_of(hash);
            list* known = shard.find(hash, made);
            if (known == nullptr)
                known = &shard.add(hash, std::forward<decltype(made)>(made), {});
            known->push_back(take(std::forward<decltype(element)>(element)));
        });
    };
    return group_in_place<K, list>(range, put, list_join<T>(), options);
}

template <class K, class T, class Range, class Key>
std::unordered_map<K, std::vector<T>> group_kept(Range& range, Key& key, const options& options) {
    using record = keyed_value<K, T>;
    const auto keep = [&](auto&& element) {
        K made(call(key, element));
        return record{std::move(made), T(std::forward<decltype(element)>(element))};
    };
    const auto group = [](std::vector<record>& records, const parmap::options& later) {
        auto key_of = [](record& r) -> K&& { return std::move(r.key); };
        const auto take = [](record& r) -> T&& { return std::move(r.value); };
        return group_elements<K, T>(records, key_of, take, later);
    };
    return group_walked<record>(range, keep, group, options);
}

} // namespace detail

/// Groups elements: a map from `key(element)`, decayed, to the elements with that key, as values in
/// their order.
///
/// - Complexity: one call of `key`, one hash and one copy for each element, which is moved at most
///   once for each doubling of its group and once more. Putting groups into the map is serial, all
///   else is not. Elements of a range that can only be walked are kept until it ends.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: as `reduce_by`, the copy of an element being its value.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out. Progress
///   counts elements that are in their groups.
/// - Blocking: until every element is in its group; the caller works too.
template <std::ranges::input_range Range, class Key>
    requires makes_a_key_of_each_lvalue<Key, Range> && range_of_keepable_elements<Range>
auto group_by(Range&& range, Key&& key, const options& options = {}) {
    const detail::whole_call here(options);
    using K = detail::made_of_shared_t<Key, Range>;
    using T = std::ranges::range_value_t<Range>;
    if constexpr (detail::splittable_range<Range>) {
        const auto take = [](auto&& element) {
            return T(std::forward<decltype(element)>(element));
        };
        return detail::group_elements<K, T>(range, key, take, options);
    } else {
        return detail::group_kept<K, T>(range, key, options);
    }
}

} // namespace parmap
