// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keyed/loops.hpp"

#include <cstddef>
#include <iterator>
#include <omp.h>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace bench {

/// A map for each thread, over one part of the elements; merged at the end.
struct openmp_merged {
    static constexpr const char* name = "openmp_merged";

    template <class K>
    static keyed::counts<K> count(const std::vector<K>& keys) {
        return merged<keyed::counts<K>>(keys, &keyed::count_into<K>);
    }

    static keyed::totals total(const std::vector<keyed::sale>& sales) {
        return merged<keyed::totals>(sales, &keyed::total_into);
    }

    static keyed::groups group(const std::vector<keyed::sale>& sales) {
        return merged<keyed::groups>(sales, &keyed::group_into);
    }

private:
    static void merge_into(keyed::groups& into, const keyed::groups& other) {
        for (const auto& [key, group] : other) {
            auto& all = into[key];
            all.insert(all.end(), group.begin(), group.end());
        }
    }

    template <class Map>
    static void merge_into(Map& into, const Map& other) {
        keyed::merge_into(into, other);
    }

    template <class Map, class T>
    static Map merged(const std::vector<T>& elements, void (*put)(Map&, std::span<const T>)) {
        std::vector<Map> maps(static_cast<std::size_t>(omp_get_max_threads()));
#pragma omp parallel
        {
            const auto me = static_cast<std::size_t>(omp_get_thread_num());
            const auto threads = static_cast<std::size_t>(omp_get_num_threads());
            const std::size_t begin = elements.size() * me / threads;
            const std::size_t end = elements.size() * (me + 1) / threads;
            Map mine; // apart from the others' in memory
            put(mine, std::span(elements).subspan(begin, end - begin));
            maps[me] = std::move(mine);
        }
        Map all = std::move(maps.front());
        for (std::size_t i = 1; i < maps.size(); ++i)
            merge_into(all, maps[i]);
        return all;
    }
};

using contestants = std::tuple<openmp_merged>;

} // namespace bench
