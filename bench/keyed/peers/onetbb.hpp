// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keyed/loops.hpp"

#include <tbb/blocked_range.h>
#include <tbb/concurrent_hash_map.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>

#include <cstddef>
#include <functional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace bench {

/// A map for each thread, merged at the end.
struct tbb_merged {
    static constexpr const char* name = "tbb_merged";

    template <class K>
    static keyed::counts<K> count(const std::vector<K>& keys) {
        return merged<keyed::counts<K>>(keys, &keyed::count_into<K>);
    }

    static keyed::totals total(const std::vector<keyed::sale>& sales) {
        return merged<keyed::totals>(sales, &keyed::total_into);
    }

private:
    template <class Map, class T>
    static Map merged(const std::vector<T>& elements, void (*put)(Map&, std::span<const T>)) {
        tbb::enumerable_thread_specific<Map> maps;
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, elements.size()),
                          [&](const tbb::blocked_range<std::size_t>& block) {
                              put(maps.local(),
                                  std::span(elements).subspan(block.begin(), block.size()));
                          });
        Map all;
        for (Map& one : maps) {
            if (all.empty()) {
                all = std::move(one);
            } else {
                keyed::merge_into(all, one);
            }
        }
        return all;
    }
};

/// One map for all threads, locked key by key.
struct tbb_concurrent {
    static constexpr const char* name = "tbb_concurrent";

    template <class K>
    static keyed::counts<K> count(const std::vector<K>& keys) {
        tbb::concurrent_hash_map<K, std::size_t, hash_of<K>> map;
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, keys.size()),
                          [&](const tbb::blocked_range<std::size_t>& block) {
                              for (std::size_t i = block.begin(); i != block.end(); ++i) {
                                  typename decltype(map)::accessor at;
                                  map.insert(at, keys[i]);
                                  ++at->second;
                              }
                          });
        return {map.begin(), map.end()};
    }

private:
    template <class K>
    struct hash_of {
        static std::size_t hash(const K& key) { return std::hash<K>()(key); }
        static bool equal(const K& a, const K& b) { return a == b; }
    };
};

using contestants = std::tuple<tbb_merged, tbb_concurrent>;

} // namespace bench
