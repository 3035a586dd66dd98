// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

// Hash tables of one thread or of one block, made to be merged.

namespace parmap::detail {

/// Spreads a hash over all bits: std::hash of an integer is often the integer.
constexpr std::uint64_t spread_bits(std::size_t hash) noexcept {
    const std::uint64_t folded = hash ^ (static_cast<std::uint64_t>(hash) >> 32);
    return folded * 0x9E37'79B9'7F4A'7C15;
}

inline constexpr unsigned most_shard_bits = 6;

/// Finds numbered keys by their hash: open addressing, linear probing, at most half full. Few keys
/// are not indexed at all: looking at each is quicker.
///
/// A slot holds 32 bits of the hash or, of an integer that has no more, the integer itself, so that
/// the key, which lies elsewhere, need not be looked at.
template <class K>
class slot_index {
public:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    /// The first of the `count` keys added for which `same(number)` holds: of that key.
    template <class Same>
    [[nodiscard]] std::size_t find(std::uint64_t hash, const K& key, std::size_t count,
                                   Same same) const {
        if (slots_.empty()) {
            for (std::size_t i = 0; i != count; ++i) {
                if (same(i))
                    return i;
            }
            return none;
        }
        const std::uint32_t tag = tag_of(hash, key);
        const slot* const slots = slots_.data();
        for (std::size_t at = place_of(hash);; at = (at + 1) & (slots_.size() - 1)) {
            const slot here = slots[at];
            if (here.next_number == 0)
                return none;
            if (here.tag == tag && (told_by_tag || same(here.next_number - 1)))
                return here.next_number - 1;
        }
    }

    /// Has the memory fetched where a key with that hash is looked for first.
    void fetch(std::uint64_t hash) const noexcept {
        if (!slots_.empty())
            prefetch(&slots_[place_of(hash)], 1);
    }

    /// The key that stands there, if any.
    [[nodiscard]] std::size_t first_at(std::uint64_t hash) const noexcept {
        return slots_.empty() ? none : std::size_t{slots_[place_of(hash)].next_number} - 1;
    }

    /// Makes room for a key numbered `count`. `add_all(index)` adds those before again.
    template <class AddAll>
    void make_room(std::size_t count, AddAll add_all) {
        if (count < few || 2 * count < slots_.size())
            return;
        if (count >= std::numeric_limits<std::uint32_t>::max())
            throw std::length_error("parmap: too many keys");
        std::vector<slot> larger(slots_.empty() ? 4 * few : 2 * slots_.size());
        std::swap(larger, slots_);
        shift_ = 64 - std::countr_zero(slots_.size());
        add_all(*this);
    }

    /// Adds key `number`, for which room was made.
    void add(std::uint64_t hash, const K& key, std::size_t number) noexcept {
        if (slots_.empty())
            return;
        std::size_t at = place_of(hash);
        while (slots_[at].next_number != 0)
            at = (at + 1) & (slots_.size() - 1);
        slots_[at] = {tag_of(hash, key), static_cast<std::uint32_t>(number + 1)};
    }

private:
    static constexpr std::size_t few = 8;

    static constexpr bool told_by_tag = std::integral<K> && sizeof(K) <= sizeof(std::uint32_t);

    struct slot {
        std::uint32_t tag = 0;
        std::uint32_t next_number = 0; // 0: empty
    };

    static std::uint32_t tag_of(std::uint64_t hash, const K& key) noexcept {
        if constexpr (told_by_tag) {
            return static_cast<std::uint32_t>(key);
        } else {
            return static_cast<std::uint32_t>(hash);
        }
    }

    std::size_t place_of(std::uint64_t hash) const noexcept {
        return static_cast<std::size_t>(hash >> shift_);
    }

    std::vector<slot> slots_;
    int shift_ = 0;
};

/// What is known of one key, and of the same key elsewhere.
template <class K, class V>
struct key_entry {
    std::size_t hash;
    K key;
    V value;
    key_entry* next = nullptr; // the same key's in a later table
};

/// Keys in order of their first occurrence, each with a value.
template <class K, class V>
class key_table {
public:
    using entry = key_entry<K, V>;

    /// The value of a key, or null if it has none.
    [[nodiscard]] V* find(std::size_t hash, const K& key) {
        const std::size_t number =
            index_.find(spread_bits(hash), key, entries_.size(), [&](std::size_t i) {
                return entries_[i].hash == hash && entries_[i].key == key;
            });
        return number == slot_index<K>::none ? nullptr : &entries_[number].value;
    }

    /// Has the memory fetched that `find` will look at: first of the index, then of the entry.
    void fetch_slot(std::size_t hash) const noexcept { index_.fetch(spread_bits(hash)); }

    void fetch_entry(std::size_t hash) const noexcept {
        const std::size_t number = index_.first_at(spread_bits(hash));
        if (number != slot_index<K>::none)
            prefetch(&entries_[number], sizeof(entry));
    }

    /// Adds a key that is not there yet.
    template <class Key>
    V& add(std::size_t hash, Key&& key, V value) {
        index_.make_room(entries_.size(), [this](slot_index<K>& index) {
            for (std::size_t i = 0; i != entries_.size(); ++i)
                index.add(spread_bits(entries_[i].hash), entries_[i].key, i);
        });
        entries_.push_back({hash, K(std::forward<Key>(key)), std::move(value)});
        index_.add(spread_bits(hash), entries_.back().key, entries_.size() - 1);
        return entries_.back().value;
    }

    [[nodiscard]] std::vector<entry>& entries() noexcept { return entries_; }

private:
    slot_index<K> index_;
    std::vector<entry> entries_;
};

/// A table in parts by hash, so that several tables can be merged part by part, in parallel.
template <class K, class V>
class sharded_table {
public:
    explicit sharded_table(unsigned bits)
        : shift_(static_cast<int>(63 - bits)), shards_(std::size_t{1} << bits) {}

    /// Some thousand neighbouring hashes, often those of numbers that come one after another, share
    /// a part: what is looked up next is in the cache.
    [[nodiscard]] key_table<K, V>& shard_of(std::size_t hash) noexcept {
        constexpr unsigned neighbour_bits = 12;
        const std::uint64_t spread = spread_bits(hash >> neighbour_bits);
        return shards_[static_cast<std::size_t>(spread >> 1 >> shift_)];
    }

    [[nodiscard]] key_table<K, V>& shard(std::size_t i) noexcept { return shards_[i]; }

    /// How many keys there are.
    [[nodiscard]] std::size_t keys() noexcept {
        std::size_t keys = 0;
        for (key_table<K, V>& shard : shards_)
            keys += shard.entries().size();
        return keys;
    }

private:
    int shift_;
    std::vector<key_table<K, V>> shards_;
};

/// As many parts as pay for themselves in a table for so many elements.
constexpr unsigned shard_bits_for(std::size_t elements) noexcept {
    return elements < 1'024 ? 0 : elements < 16'384 ? most_shard_bits / 2 : most_shard_bits;
}

} // namespace parmap::detail
