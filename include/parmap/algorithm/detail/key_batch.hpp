// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/key_table.hpp>
#include <parmap/algorithm/detail/keyed.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/partition.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap::detail {

/// One more of a key.
template <class K, class Key>
void count_one(sharded_table<K, std::size_t>& table, std::size_t hash, Key&& key) {
    key_table<K, std::size_t>& shard = table.shard_of(hash);
    std::size_t* const known = shard.find(hash, key);
    ++(known != nullptr ? *known : shard.add(hash, std::forward<Key>(key), 0));
}

/// Counts the key of an element.
template <class K, class Key, class Element>
void count_key(sharded_table<K, std::size_t>& into, Key& key, Element&& element) {
    with_key<K>(key, std::forward<Element>(element), [&](std::size_t hash, auto&& made) {
        count_one(into, hash, std::forward<decltype(made)>(made));
    });
}

/// Keys that are counted together, so that memory comes for some while others are looked up: a
/// table that no cache holds costs as much time as its misses, one after another.
template <class K>
class key_batch {
public:
    explicit key_batch(sharded_table<K, std::size_t>& table) : table_(table) {
        waiting_.reserve(most);
    }

    void add(K key) {
        const std::size_t hash = std::hash<K>{}(std::as_const(key));
        table_.shard_of(hash).fetch_slot(hash);
        waiting_.push_back({hash, std::move(key)});
        if (waiting_.size() == most)
            count_all();
    }

    void count_all() {
        for (const waiting& one : waiting_)
            table_.shard_of(one.hash).fetch_entry(one.hash);
        for (waiting& one : waiting_)
            count_one(table_, one.hash, std::move(one.key));
        waiting_.clear();
    }

private:
    static constexpr std::size_t most = 32;

    struct waiting {
        std::size_t hash;
        K key;
    };

    sharded_table<K, std::size_t>& table_;
    std::vector<waiting> waiting_;
};

/// Whether what a key function makes can wait for others: a reference to something else may not
/// hold until then.
template <class K, class Made>
inline constexpr bool may_wait =
    !std::is_lvalue_reference_v<Made> || std::is_trivially_copyable_v<K>;

/// A table in which one thread counts keys, until it turns out that they hardly ever repeat: then
/// it would only be one more place for each, and keys are put aside, to be counted in the result.
template <class K>
class counting_table : public sharded_table<K, std::size_t> {
public:
    using sharded_table<K, std::size_t>::sharded_table;

    /// So many elements have been counted here.
    void note(std::size_t elements) noexcept { counted_ += elements; }

    /// Whether the next keys should be put aside, in a call of so many elements: a sixteenth of
    /// them tell, if there are that many keys in all, how often they repeat.
    [[nodiscard]] bool hardly_repeats(std::size_t elements) noexcept {
        return counted_ >= std::max<std::size_t>(elements / 16, 16'384) &&
               this->keys() >= counted_ - counted_ / 16;
    }

    [[nodiscard]] std::vector<K>& aside() noexcept { return aside_; }

private:
    std::size_t counted_ = 0;
    std::vector<K> aside_;
};

/// Counts keys of a random-access range, of `count` elements, in tables on loan.
template <class First, class K, class Loans, class Key>
struct count_body {
    First first;
    std::size_t count;
    Loans& tables;
    Key& key;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        const auto loan = tables.borrow();
        at = items.begin;
        while (at != items.end) {
            const interval some{at, std::min(items.end, at + between_looks)};
            count_some(some, at, watch, *loan);
            if (at != some.end)
                return;
        }
    }

    void discard(interval) noexcept {}

private:
    static constexpr std::size_t between_looks = 4'096;
    static constexpr std::size_t most_cached = 2'048;

    template <class Watch>
    void count_some(interval items, std::size_t& at, Watch& watch, counting_table<K>& table) {
        if constexpr (may_wait<K, decltype(call(key, at_index(first, at)))>) {
            if (table.hardly_repeats(count))
                return put_aside(items, at, watch, table.aside());
            if (table.keys() > most_cached) {
                count_together(items, at, watch, table);
                return table.note(at - items.begin);
            }
        }
        for_each_of(items, at, watch, [first = first, &key = key, &table](std::size_t i) {
            count_key<K>(table, key, at_index(first, i));
        });
        table.note(at - items.begin);
    }

    // What throws leaves keys uncounted, which makes no difference then.
    template <class Watch>
    void count_together(interval items, std::size_t& at, Watch& watch, counting_table<K>& table) {
        key_batch<K> batch(table);
        for_each_of(items, at, watch, [first = first, &key = key, &batch](std::size_t i) {
            batch.add(K(call(key, at_index(first, i))));
        });
        batch.count_all();
    }

    template <class Watch>
    void put_aside(interval items, std::size_t& at, Watch& watch, std::vector<K>& aside) {
        for_each_of(items, at, watch, [first = first, &key = key, &aside](std::size_t i) {
            K made(call(key, at_index(first, i)));
            if constexpr (!noexcept(std::hash<K>{}(std::as_const(made))))
                static_cast<void>(std::hash<K>{}(std::as_const(made))); // it fails here or never
            aside.push_back(std::move(made));
        });
    }
};

} // namespace parmap::detail
