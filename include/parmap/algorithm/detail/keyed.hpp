// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/key_table.hpp>
#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/failure.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <ranges>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parmap {

/// What `std::unordered_map` takes as a key.
template <class K>
concept hashable_key =
    std::move_constructible<K> && std::equality_comparable<K> && requires(const K& key) {
        { std::hash<K>{}(key) } -> std::convertible_to<std::size_t>;
    };

/// A callable makes a key of each element: something, decayed, that `std::unordered_map` takes.
template <class Key, class Range>
concept makes_a_key_of_each_element =
    callable_with_each_element<Key, Range> && mapped_to_a_value<Key, Range> &&
    hashable_key<mapped_t<Key, Range>>;

namespace detail {

/// Calls `then(hash, key)` with an element's key: what the callable returned, not a copy, where
/// that is a K.
template <class K, class Key, class Element, class Then>
void with_key(Key& key, Element&& element, Then then) {
    auto&& made = call(key, std::forward<Element>(element));
    if constexpr (std::same_as<std::remove_cvref_t<decltype(made)>, K>) {
        then(std::hash<K>{}(std::as_const(made)), std::forward<decltype(made)>(made));
    } else {
        K decayed(std::forward<decltype(made)>(made));
        then(std::hash<K>{}(std::as_const(decayed)), std::move(decayed));
    }
}

/// One key in all tables: its entries, in the order of the tables.
template <class K, class V>
struct key_chain {
    key_entry<K, V>* first;
    key_entry<K, V>* last;
};

/// The keys of one shard of all tables.
template <class K, class V>
class shard_chains {
public:
    using chain = key_chain<K, V>;

    /// Up to one where something throws, which is noted.
    template <class Failures>
    bool link(std::vector<key_entry<K, V>>& entries, Failures& failures) noexcept {
        for (key_entry<K, V>& entry : entries) {
            try {
                link(entry);
            } catch (...) {
                failures.record(entry);
                return false;
            }
        }
        return true;
    }

    /// The same, where no key has been linked before and none comes twice.
    void link_only(std::vector<key_entry<K, V>>& entries) {
        chains_.reserve(entries.size());
        for (key_entry<K, V>& entry : entries)
            chains_.push_back({&entry, &entry});
    }

    [[nodiscard]] std::vector<chain>& chains() noexcept { return chains_; }

private:
    void link(key_entry<K, V>& entry) {
        const std::uint64_t hash = spread_bits(entry.hash);
        const std::size_t number = index_.find(hash, entry.key, chains_.size(), [&](std::size_t i) {
            const key_entry<K, V>& first = *chains_[i].first;
            return first.hash == entry.hash && first.key == entry.key;
        });
        if (number == slot_index<K>::none) {
            add(hash, entry);
        } else {
            chains_[number].last = chains_[number].last->next = &entry;
        }
    }

    void add(std::uint64_t hash, key_entry<K, V>& entry) {
        index_.make_room(chains_.size(), [this](slot_index<K>& index) {
            for (std::size_t i = 0; i != chains_.size(); ++i)
                index.add(spread_bits(chains_[i].first->hash), chains_[i].first->key, i);
        });
        chains_.push_back({&entry, &entry});
        index_.add(hash, entry.key, chains_.size() - 1);
    }

    slot_index<K> index_;
    std::vector<chain> chains_;
};

/// The first of what threw where tables are merged: as a walk over their entries would have let
/// out, table by table and in each shard by shard.
///
/// Threads: `record` may be called concurrently.
template <class Tables>
class merge_failures {
public:
    merge_failures(Tables& tables, std::size_t shards) : tables_(tables), shards_(shards) {}

    /// Notes the exception that is being handled, at an entry.
    template <class Entry>
    void record(const Entry& entry) noexcept {
        failure_.record(rank_of(entry), std::current_exception());
    }

    void rethrow() {
        if (failure_.any())
            failure_.rethrow();
    }

private:
    // How many entries come before one.
    template <class Entry>
    std::size_t rank_of(const Entry& entry) noexcept {
        std::size_t before = 0;
        for (auto& table : tables_) {
            for (std::size_t shard = 0; shard != shards_; ++shard) {
                const std::vector<Entry>& entries = table.shard(shard).entries();
                const Entry* const end = entries.data() + entries.size();
                if (std::greater_equal<>()(&entry, entries.data()) && std::less<>()(&entry, end))
                    return before + static_cast<std::size_t>(&entry - entries.data());
                before += entries.size();
            }
        }
        return before;
    }

    Tables& tables_;
    std::size_t shards_;
    first_failure failure_;
};

/// Links what the tables of a call know of each key, shard by shard.
template <class K, class V, class Tables>
struct link_body {
    Tables& tables;
    std::vector<shard_chains<K, V>>& shards;
    merge_failures<Tables>& failures;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [this](std::size_t shard) {
            if (tables.size() == 1)
                return shards[shard].link_only(tables.front().shard(shard).entries());
            for (sharded_table<K, V>& table : tables) {
                if (!shards[shard].link(table.shard(shard).entries(), failures))
                    return;
            }
        });
    }

    void discard(interval) noexcept {}
};

/// The keys of all tables, shard by shard; within a shard in order of their first occurrence.
/// Where something throws, which is noted, only those before are linked.
template <class K, class V, class Tables>
std::vector<shard_chains<K, V>> link_tables(Tables& tables, unsigned bits,
                                            merge_failures<Tables>& failures,
                                            const options& options) {
    std::vector<shard_chains<K, V>> shards(std::size_t{1} << bits);
    using body_type = link_body<K, V, Tables>;
    body_type body{tables, shards, failures};
    engine(options, memory_of<body_type>).run({shards.size()}, body);
    return shards;
}

/// A map of every key, moved out of its first entry, to what `value(chain)` makes of its entries,
/// with room for so many more.
template <class R, class K, class V, class Value>
std::unordered_map<K, R> map_of(std::vector<shard_chains<K, V>>& shards, Value value,
                                std::size_t more = 0) {
    std::size_t keys = more;
    for (shard_chains<K, V>& shard : shards)
        keys += shard.chains().size();
    std::unordered_map<K, R> map;
    map.reserve(keys);
    for (shard_chains<K, V>& shard : shards) {
        for (const key_chain<K, V>& chain : shard.chains())
            map.try_emplace(std::move(chain.first->key), value(chain));
    }
    return map;
}

} // namespace detail

} // namespace parmap
