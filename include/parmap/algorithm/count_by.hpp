// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/grouping.hpp>
#include <parmap/algorithm/detail/key_batch.hpp>
#include <parmap/algorithm/detail/keyed.hpp>
#include <parmap/algorithm/detail/loans.hpp>
#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/algorithm/detail/text.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/whole_call.hpp>

#include <cstddef>
#include <ranges>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parmap {

namespace detail {

/// Whether keys are told apart and kept without fail, but for memory: then it makes no difference
/// which of them are put together.
template <class K, class Range, class Key>
inline constexpr bool kept_without_fail =
    noexcept(static_cast<bool>(std::declval<const K&>() == std::declval<const K&>())) &&
    std::is_nothrow_move_constructible_v<K> &&
    (is_text<K> ||
     std::is_nothrow_constructible_v<K, decltype(call(std::declval<Key&>(),
                                                      std::declval<element_t<Range>>()))>);

/// A map of what is in tables and what has been put aside.
template <class K, class Tables>
std::unordered_map<K, std::size_t> counts_of(Tables& tables, unsigned bits,
                                             const options& options) {
    merge_failures failures(tables, std::size_t{1} << bits);
    auto shards = link_tables<K, std::size_t>(tables, bits, failures, options);
    failures.rethrow();
    const auto sum = [](const key_chain<K, std::size_t>& chain) {
        std::size_t count = 0;
        for (const auto* entry = chain.first; entry != nullptr; entry = entry->next)
            count += entry->value;
        return count;
    };
    std::size_t aside = 0;
    for (counting_table<K>& table : tables)
        aside += table.aside().size();
    auto map = map_of<std::size_t>(shards, sum, aside);
    for (counting_table<K>& table : tables) {
        for (auto&& key : table.aside())
            ++map[K(std::move(key))];
    }
    if (map.size() < map.bucket_count() / 8)
        map.rehash(0);
    return map;
}

/// Counts keys in tables that threads borrow.
template <class K, class Range, class Key>
std::unordered_map<K, std::size_t> count_keys(Range& range, Key& key, const options& options) {
    const std::size_t size = size_if_known(range);
    const unsigned bits = splittable_range<Range> ? shard_bits_for(size) : most_shard_bits;
    loans tables([bits] { return counting_table<K>(bits); });
    if constexpr (splittable_range<Range>) {
        auto first = first_of(range);
        using body_type = count_body<decltype(first), K, decltype(tables), Key>;
        body_type body{std::move(first), size, tables, key};
        engine(options, memory_of<body_type>).run({size}, body);
    } else {
        const auto count = [&key](counting_table<K>& into, auto&& element, std::size_t) {
            count_key<K>(into, key, std::forward<decltype(element)>(element));
        };
        tally(range, tables, count, options);
    }
    return counts_of<K>(tables.all(), bits, to_the_end(options));
}

/// Adds up counts from block to block.
struct count_join {
    template <class Chain>
    void begin(const Chain&) noexcept {}
    void add(std::size_t& all, std::size_t& next) noexcept { all += next; }
};

/// Counts keys in tables of blocks, so that which of them are compared depends on the number of
/// elements alone.
template <class K, class Range, class Key>
std::unordered_map<K, std::size_t> count_in_blocks(Range& range, Key& key, const options& options) {
    const auto put = [&key](sharded_table<K, std::size_t>& table, auto&& element) {
        count_key<K>(table, key, std::forward<decltype(element)>(element));
    };
    return group_in_place<K, std::size_t>(range, put, count_join(), options);
}

template <class K, class Range, class Key>
std::unordered_map<K, std::size_t> count_kept(Range& range, Key& key, const options& options) {
    const auto keep = [&key](auto&& element) {
        return K(call(key, std::forward<decltype(element)>(element)));
    };
    const auto count = [](std::vector<K>& keys, const parmap::options& later) {
        auto itself = [](K& k) -> K&& { return std::move(k); };
        return count_in_blocks<K>(keys, itself, later);
    };
    return group_walked<K>(range, keep, count, options);
}

} // namespace detail

/// How often each key occurs: a map from `key(element)`, decayed, to the number of elements.
///
/// A key is copied only where it is met first, and not at all if `key` returns it by value. Where
/// `key` returns a view, such as a `std::string_view`, of data that outlives the call, that view is
/// the key.
///
/// - Complexity: one call of `key` for each element, and one hash or two; memory for each distinct
///   key, on each thread that met it, and for keys that hardly repeat as long as they seem to.
///   Putting those and the distinct ones into the map is serial, all else is not.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: what `key` or the hash throws at the lowest index. Where comparing or moving keys may
///   throw, or copying them, if they are no strings: as `reduce_by`, and of a range that can only
///   be walked, keys are kept until it ends. (An `==` that is `noexcept` is worth its word.)
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out. Progress
///   counts elements whose key has been counted.
/// - Blocking: until every element is counted; the caller works too.
///
/// Example: examples/07_wordcount.cpp
template <std::ranges::input_range Range, class Key>
    requires makes_a_key_of_each_element<Key, Range>
auto count_by(Range&& range, Key&& key, const options& options = {}) {
    const detail::whole_call here(options);
    using K = mapped_t<Key, Range>;
    if constexpr (detail::kept_without_fail<K, Range, std::remove_reference_t<Key>>) {
        return detail::count_keys<K>(range, key, options);
    } else if constexpr (detail::splittable_range<Range>) {
        return detail::count_in_blocks<K>(range, key, options);
    } else {
        return detail::count_kept<K>(range, key, options);
    }
}

} // namespace parmap
