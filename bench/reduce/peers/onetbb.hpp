// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reduce/loops.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>
#include <tbb/parallel_scan.h>
#include <tbb/parallel_sort.h>
#include <tbb/partitioner.h>

#include <cstddef>
#include <functional>
#include <tuple>
#include <vector>

namespace bench {

template <class Partitioner>
struct tbb_sum {
    static double sum(const double* x, std::size_t n) {
        return tbb::parallel_reduce(
            tbb::blocked_range<std::size_t>(0, n), 0.0,
            [x](const tbb::blocked_range<std::size_t>& block, double before) {
                return before + reduce::sum_of(x + block.begin(), block.size());
            },
            std::plus<>(), Partitioner());
    }

    static double mean(const double* x, std::size_t n) {
        return sum(x, n) / static_cast<double>(n);
    }
};

struct tbb_auto : tbb_sum<tbb::auto_partitioner> {
    static constexpr const char* name = "tbb_auto";

    static std::vector<double> scan(const double* x, std::size_t n) {
        std::vector<double> sums(n);
        tbb::parallel_scan(
            tbb::blocked_range<std::size_t>(0, n), 0.0,
            [x, out = sums.data()](const tbb::blocked_range<std::size_t>& block, double sum,
                                   bool is_final) {
                if (!is_final)
                    return sum + reduce::sum_of(x + block.begin(), block.size());
                for (std::size_t i = block.begin(); i != block.end(); ++i)
                    out[i] = sum += x[i];
                return sum;
            },
            std::plus<>());
        return sums;
    }

    template <class T>
    static void sort(std::vector<T>& values) {
        tbb::parallel_sort(values);
    }
};

struct tbb_static : tbb_sum<tbb::static_partitioner> {
    static constexpr const char* name = "tbb_static";
};

using contestants = std::tuple<tbb_auto, tbb_static>;

} // namespace bench
