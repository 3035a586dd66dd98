// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
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

/// Finds numbered things by their hash: open addressing, linear probing, at most half full, eight
/// bytes a slot. Few things are not indexed at all: looking at each is quicker.
class slot_index {
public:
    static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

    /// The first of the `count` things added for which `same(number)` holds.
    template <class Same>
    [[nodiscard]] std::size_t find(std::uint64_t hash, std::size_t count, Same same) const {
        if (slots_.empty()) {
            for (std::size_t i = 0; i != count; ++i) {
                if (same(i))
                    return i;
            }
            return none;
        }
        const auto tag = static_cast<std::uint32_t>(hash);
        for (std::size_t at = place_of(hash);; at = (at + 1) & (slots_.size() - 1)) {
            const slot& here = slots_[at];
            if (here.next_number == 0)
                return none;
            if (here.tag == tag && same(here.next_number - 1))
                return here.next_number - 1;
        }
    }

    /// Makes room for a thing numbered `count`. `hash_of(number)` tells the hash of those before.
    template <class HashOf>
    void make_room(std::size_t count, HashOf hash_of) {
        if (count < few || 2 * count < slots_.size())
            return;
        if (count >= std::numeric_limits<std::uint32_t>::max())
            throw std::length_error("parmap: too many keys");
        std::vector<slot> larger(slots_.empty() ? 4 * few : 2 * slots_.size());
        std::swap(larger, slots_);
        for (std::size_t i = 0; i != count; ++i)
            add(hash_of(i), i);
    }

    /// Adds thing `number`, for which room was made.
    void add(std::uint64_t hash, std::size_t number) noexcept {
        if (slots_.empty())
            return;
        std::size_t at = place_of(hash);
        while (slots_[at].next_number != 0)
            at = (at + 1) & (slots_.size() - 1);
        slots_[at] = {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(number + 1)};
    }

private:
    static constexpr std::size_t few = 8;

    struct slot {
        std::uint32_t tag = 0;
        std::uint32_t next_number = 0; // 0: empty
    };

    std::size_t place_of(std::uint64_t hash) const noexcept {
        return static_cast<std::size_t>(hash >> (64 - std::countr_zero(slots_.size())));
    }

    std::vector<slot> slots_;
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
            index_.find(spread_bits(hash), entries_.size(), [&](std::size_t i) {
                return entries_[i].hash == hash && entries_[i].key == key;
            });
        return number == slot_index::none ? nullptr : &entries_[number].value;
    }

    /// Adds a key that is not there yet.
    template <class Key>
    V& add(std::size_t hash, Key&& key, V value) {
        index_.make_room(entries_.size(),
                         [this](std::size_t i) { return spread_bits(entries_[i].hash); });
        entries_.push_back({hash, K(std::forward<Key>(key)), std::move(value)});
        index_.add(spread_bits(hash), entries_.size() - 1);
        return entries_.back().value;
    }

    [[nodiscard]] std::vector<entry>& entries() noexcept { return entries_; }

private:
    slot_index index_;
    std::vector<entry> entries_;
};

/// A table in parts by hash, so that several tables can be merged part by part, in parallel.
template <class K, class V>
class sharded_table {
public:
    explicit sharded_table(unsigned bits) : bits_(bits), shards_(std::size_t{1} << bits) {}

    /// Some thousand neighbouring hashes, often those of numbers that come one after another, share
    /// a part: what is looked up next is in the cache.
    [[nodiscard]] key_table<K, V>& shard_of(std::size_t hash) noexcept {
        constexpr unsigned neighbour_bits = 12;
        const std::uint64_t spread = spread_bits(hash >> neighbour_bits);
        return shards_[bits_ == 0 ? 0 : static_cast<std::size_t>(spread >> (64 - bits_))];
    }

    [[nodiscard]] key_table<K, V>& shard(std::size_t i) noexcept { return shards_[i]; }

private:
    unsigned bits_;
    std::vector<key_table<K, V>> shards_;
};

/// As many parts as pay for themselves in a table for so many elements.
constexpr unsigned shard_bits_for(std::size_t elements) noexcept {
    return elements < 1'024 ? 0 : elements < 16'384 ? most_shard_bits / 2 : most_shard_bits;
}

} // namespace parmap::detail
