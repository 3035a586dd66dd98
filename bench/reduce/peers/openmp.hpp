// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reduce/loops.hpp"

#include <cstddef>
#include <omp.h>
#include <tuple>
#include <vector>

namespace bench {

struct openmp_static {
    static constexpr const char* name = "openmp_static";

    static double sum(const double* x, std::size_t n) {
        double sum = 0;
#pragma omp parallel for simd schedule(static) reduction(+ : sum)
        for (std::size_t i = 0; i < n; ++i)
            sum += x[i];
        return sum;
    }

    static double mean(const double* x, std::size_t n) {
        return sum(x, n) / static_cast<double>(n);
    }

    static double variance(const double* x, std::size_t n) {
        const double middle = mean(x, n);
        double squares = 0;
#pragma omp parallel for simd schedule(static) reduction(+ : squares)
        for (std::size_t i = 0; i < n; ++i)
            squares += (x[i] - middle) * (x[i] - middle);
        return squares / static_cast<double>(n);
    }

    static double range(const double* x, std::size_t n) {
        double least = x[0], greatest = x[0];
#pragma omp parallel for simd schedule(static) reduction(min : least) reduction(max : greatest)
        for (std::size_t i = 0; i < n; ++i) {
            least = x[i] < least ? x[i] : least;
            greatest = greatest < x[i] ? x[i] : greatest;
        }
        return greatest - least;
    }

    /// By hand: g++ 12 warns of its own `scan` directive. Each thread adds up its part, then writes
    /// it from the sum of those before on.
    static std::vector<double> scan(const double* x, std::size_t n) {
        std::vector<double> sums(n);
        std::vector<double> parts(static_cast<std::size_t>(omp_get_max_threads()) + 1);
#pragma omp parallel
        {
            const auto me = static_cast<std::size_t>(omp_get_thread_num());
            const auto threads = static_cast<std::size_t>(omp_get_num_threads());
            const std::size_t begin = n * me / threads;
            const std::size_t end = n * (me + 1) / threads;
            parts[me + 1] = reduce::sum_of(x + begin, end - begin);
#pragma omp barrier
            double sum = 0;
            for (std::size_t before = 1; before <= me; ++before)
                sum += parts[before];
            for (std::size_t i = begin; i != end; ++i)
                sums[i] = sum += x[i];
        }
        return sums;
    }
};

using contestants = std::tuple<openmp_static>;

} // namespace bench
