// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/failed_block.hpp>
#include <parmap/algorithm/detail/keyed.hpp>
#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>

#include <cstddef>
#include <exception>
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
///
/// Errors: a serial walk from block to block is the reference, in which a block's elements are put
/// into its table and then its table's entries are joined to those of the blocks before.
template <class K, class V>
class block_tables {
public:
    using tables = std::vector<sharded_table<K, V>>;
    using entry = key_entry<K, V>;
    using chain = key_chain<K, V>;

    explicit block_tables(std::size_t elements)
        : cut_(blocks::few(elements, most_blocks)), bits_(shard_bits_for(cut_.length())) {
        tables_.reserve(cut_.count());
        for (std::size_t b = 0; b != cut_.count(); ++b)
            tables_.emplace_back(bits_);
    }

    [[nodiscard]] const blocks& cut() const noexcept { return cut_; }
    [[nodiscard]] sharded_table<K, V>& of_block(std::size_t b) noexcept { return tables_[b]; }

    /// Notes the exception that is being handled, in a block whose elements are put into its table.
    void fail(std::size_t block) noexcept { failed_.record(block, false); }

    /// Where that is being handled again: joins what comes before, which may throw first.
    template <class Join>
    void join_before_failure(Join& join, const options& options) {
        if (!failed_.may_be_preceded())
            return;
        tables_.erase(tables_.begin() + static_cast<std::ptrdiff_t>(failed_.block()),
                      tables_.end());
        join_all(join, to_the_end(options));
    }

    /// Makes one value, in the first entry, of each group's values in all blocks: by
    /// `join.begin(chain)` and, for each of the others, `join.add(value, other)`.
    template <class Join>
    std::vector<shard_chains<K, V>> join_all(Join& join, const options& options);

private:
    // Each costs fresh memory for every key it meets: more would keep more than 16 threads busy.
    static constexpr std::size_t most_blocks = 16;

    blocks cut_;
    unsigned bits_;
    tables tables_;
    failed_block failed_;
};

/// Joins groups.
template <class Tables, class Chain, class Join>
struct join_groups_body {
    std::vector<Chain>& groups;
    Join& join;
    merge_failures<Tables>& failures;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [this](std::size_t i) { join_group(groups[i]); });
    }

    void discard(interval) noexcept {}

private:
    void join_group(const Chain& group) noexcept {
        auto* entry = group.first;
        try {
            join.begin(group);
            while (entry->next != nullptr) {
                entry = entry->next;
                join.add(group.first->value, entry->value);
            }
        } catch (...) {
            failures.record(*entry);
        }
    }
};

template <class K, class V>
template <class Join>
std::vector<shard_chains<K, V>> block_tables<K, V>::join_all(Join& join, const options& options) {
    merge_failures<tables> failures(tables_, std::size_t{1} << bits_);
    auto shards = link_tables<K, V>(tables_, bits_, failures, options);
    std::vector<chain> groups;
    for (shard_chains<K, V>& shard : shards)
        groups.insert(groups.end(), shard.chains().begin(), shard.chains().end());
    using body_type = join_groups_body<tables, chain, Join>;
    body_type body{groups, join, failures};
    engine(options, memory_of<body_type>).run({groups.size()}, body);
    failures.rethrow();
    return shards;
}

/// Puts each element of a block into the block's table, by `put(table, element)`.
template <class First, class Tables, class Put>
struct tabulate_body {
    First first;
    Tables& tables;
    Put& put;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        try {
            tables.cut().for_each_piece(items, at, [&](std::size_t block, interval piece) {
                auto& table = tables.of_block(block);
                for_each_of(piece, at, watch, [first = first, &put = put, &table](std::size_t i) {
                    put(table, at_index(first, i));
                });
            });
        } catch (...) {
            tables.fail(tables.cut().of(at));
            throw;
        }
    }

    void discard(interval) noexcept {}
};

/// Groups the elements of a random-access range: `put(table, element)` in each block, then `join`s
/// each group.
template <class K, class V, class Range, class Put, class Join>
std::unordered_map<K, V> group_in_place(Range& range, Put put, Join join, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    block_tables<K, V> tables(count);
    auto first = first_of(range);
    using body_type = tabulate_body<decltype(first), block_tables<K, V>, Put>;
    body_type body{std::move(first), tables, put};
    try {
        engine(options, memory_of<body_type>).run({count, tables.cut().length()}, body);
    } catch (...) {
        tables.join_before_failure(join, options);
        throw;
    }
    auto shards = tables.join_all(join, later_pass(options));
    return map_of<V>(
        shards, [](const key_chain<K, V>& group) -> V&& { return std::move(group.first->value); });
}

/// Groups what `keep` makes of each element of a range that can only be walked, by
/// `group(records, options)`. Where something throws before the range ends, the elements before
/// are grouped first, since that may throw as well.
template <class Record, class Range, class Keep, class Group>
auto group_walked(Range& range, Keep keep, Group group, const options& options) {
    auto [records, failure] = map_until_failure<Record>(range, keep, options);
    auto groups = group(records, failure ? to_the_end(options) : later_pass(options));
    if (failure)
        std::rethrow_exception(failure);
    return groups;
}

} // namespace detail

} // namespace parmap
