// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/keyed.hpp>
#include <parmap/algorithm/detail/loans.hpp>
#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>

#include <cstddef>
#include <ranges>
#include <unordered_map>
#include <utility>

namespace parmap {

namespace detail {

/// Counts keys in tables that threads borrow: whose table an element is counted in makes no
/// difference.
template <class K, class Range, class Key>
std::unordered_map<K, std::size_t> count_keys(Range& range, Key& key, const options& options) {
    using table = sharded_table<K, std::size_t>;
    unsigned bits = most_shard_bits;
    if constexpr (splittable_range<Range>)
        bits = shard_bits_for(static_cast<std::size_t>(std::ranges::size(range)));
    loans tables([bits] { return table(bits); });
    const auto count = [&key](table& into, auto&& element, std::size_t) {
        with_key<K>(key, std::forward<decltype(element)>(element), [&](std::size_t hash, auto&& k) {
            key_table<K, std::size_t>& shard = into.shard_of(hash);
            std::size_t* const known = shard.find(hash, k);
            ++(known != nullptr ? *known : shard.add(hash, std::forward<decltype(k)>(k), 0));
        });
    };
    tally(range, tables, count, options);
    auto shards = link_tables<K, std::size_t>(tables.all(), bits, later_pass(options));
    return map_of<std::size_t>(shards, [](const key_chain<K, std::size_t>& chain) {
        std::size_t sum = 0;
        for (const auto* entry = chain.first; entry != nullptr; entry = entry->next)
            sum += entry->value;
        return sum;
    });
}

} // namespace detail

/// How often each key occurs: a map from `key(element)`, decayed, to the number of elements.
///
/// A key is copied only where it is met first, and not at all if `key` returns it by value. Where
/// `key` returns a view, such as a `std::string_view`, of data that outlives the call, that view is
/// the key.
///
/// - Complexity: one call of `key` and one hash for each element; memory for each distinct key, on
///   each thread that met it. Putting distinct keys into the map is serial, all else is not.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: what `key`, the hash or the copy of a key throws at the lowest index, as a serial loop
///   lets out; of several comparisons that throw, one of them.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out. Progress
///   counts elements whose key has been counted.
/// - Blocking: until every element is counted; the caller works too.
///
/// Example: examples/07_wordcount.cpp
template <std::ranges::input_range Range, class Key>
    requires makes_a_key_of_each_element<Key, Range>
auto count_by(Range&& range, Key&& key, const options& options = {}) {
    return detail::count_keys<mapped_t<Key, Range>>(range, key, options);
}

} // namespace parmap
