// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keyed/work.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace keyed {

// The loops over one part of the elements, into a map that is there.

template <class K>
void count_into(counts<K>& into, std::span<const K> keys) {
    for (const K& key : keys)
        ++into[key];
}

inline void total_into(totals& into, std::span<const sale> sales) {
    for (const sale& one : sales)
        into[one.customer] += one.price;
}

inline void group_into(groups& into, std::span<const sale> sales) {
    for (const sale& one : sales)
        into[one.customer].push_back(one);
}

// What another thread found is added to a map.

template <class K>
void merge_into(counts<K>& into, const counts<K>& other) {
    for (const auto& [key, count] : other)
        into[key] += count;
}

inline void merge_into(totals& into, const totals& other) {
    for (const auto& [key, total] : other)
        into[key] += total;
}

/// The plain loops over std::unordered_map, which everybody is compared with.
struct serial {
    static constexpr const char* name = "loop";

    template <class K>
    static counts<K> count(const std::vector<K>& keys) {
        counts<K> all;
        count_into<K>(all, keys);
        return all;
    }

    static totals total(const std::vector<sale>& sales) {
        totals all;
        total_into(all, sales);
        return all;
    }

    static groups group(const std::vector<sale>& sales) {
        groups all;
        group_into(all, sales);
        return all;
    }
};

} // namespace keyed
