// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/keyed.hpp>
#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>

#include <cstddef>
#include <ranges>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

// Groups by key whose elements are put together in their order.

namespace parmap {

namespace detail {

// An element of which both a key and a value are made is an lvalue to both.
template <class Range>
using shared_element_t = std::remove_reference_t<element_t<Range>>&;

template <class F, class Range>
using made_of_shared_t = std::decay_t<decltype(call(std::declval<std::remove_reference_t<F>&>(),
                                                    std::declval<shared_element_t<Range>>()))>;

} // namespace detail

/// A callable makes a key of each element, given as an lvalue, of which more will be asked.
template <class Key, class Range>
concept makes_a_key_of_each_lvalue =
    std::ranges::input_range<Range> &&
    callable_with<std::remove_reference_t<Key>, detail::shared_element_t<Range>> &&
    hashable_key<detail::made_of_shared_t<Key, Range>>;

namespace detail {

/// What is kept of an element of a range that can only be walked.
template <class K, class V>
struct keyed_value {
    K key;
    V value;
};

/// The tables of a call, one for each block: what is put together within a block and what across
/// blocks depends on the number of elements alone.
template <class K, class V>
class block_tables {
public:
    explicit block_tables(std::size_t elements)
        : cut_(blocks::few(elements, most_blocks)), bits_(shard_bits_for(cut_.length())) {
        tables_.reserve(cut_.count());
        for (std::size_t b = 0; b != cut_.count(); ++b)
            tables_.emplace_back(bits_);
    }

    [[nodiscard]] const blocks& cut() const noexcept { return cut_; }
    [[nodiscard]] sharded_table<K, V>& of_block(std::size_t b) noexcept { return tables_[b]; }

    auto link(const options& options) { return link_tables<K, V>(tables_, bits_, options); }

private:
    // Each costs fresh memory for every key it meets: more would keep more than 16 threads busy.
    static constexpr std::size_t most_blocks = 16;

    blocks cut_;
    unsigned bits_;
    std::vector<sharded_table<K, V>> tables_;
};

/// Puts each element of a block into the block's table, by `put(table, element)`.
template <class First, class Tables, class Put>
struct tabulate_body {
    First first;
    Tables& tables;
    Put put;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        tables.cut().for_each_piece(items, at, [&](std::size_t block, interval piece) {
            for_each_of(piece, at, watch, [this, &table = tables.of_block(block)](std::size_t i) {
                put(table, at_index(first, i));
            });
        });
    }

    void discard(interval) noexcept {}
};

/// Makes one value, in the first entry, of each group's values in all blocks, by `join(chain)`.
template <class Chain, class Join>
struct join_groups_body {
    std::vector<Chain>& groups;
    Join& join;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [this](std::size_t i) { join(groups[i]); });
    }

    void discard(interval) noexcept {}
};

template <class K, class V, class Join>
std::unordered_map<K, V> join_groups(block_tables<K, V>& tables, Join join,
                                     const options& options) {
    using chain = key_chain<K, V>;
    const parmap::options later = later_pass(options);
    auto shards = tables.link(later);
    std::vector<chain> groups;
    for (shard_chains<K, V>& shard : shards)
        groups.insert(groups.end(), shard.chains().begin(), shard.chains().end());
    using body_type = join_groups_body<chain, Join>;
    body_type body{groups, join};
    engine(later, memory_of<body_type>).run({groups.size()}, body);
    return map_of<V>(shards,
                     [](const chain& group) -> V&& { return std::move(group.first->value); });
}

/// Groups the elements of a random-access range: `put(table, element)` in each block, then
/// `join(chain)` for each group.
template <class K, class V, class Range, class Put, class Join>
std::unordered_map<K, V> group_in_place(Range& range, Put put, Join join, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    block_tables<K, V> tables(count);
    auto first = first_of(range);
    using body_type = tabulate_body<decltype(first), block_tables<K, V>, Put>;
    body_type body{std::move(first), tables, std::move(put)};
    engine(options, memory_of<body_type>).run({count, tables.cut().length()}, body);
    return join_groups<K, V>(tables, std::move(join), options);
}

} // namespace detail

} // namespace parmap
