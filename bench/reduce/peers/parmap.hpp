// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/parmap.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <tuple>
#include <vector>

namespace bench {

struct parmap_verbs {
    static constexpr const char* name = "parmap";

    static double sum(const double* x, std::size_t n) { return parmap::sum(std::span(x, n)); }
    static double mean(const double* x, std::size_t n) { return parmap::mean(std::span(x, n)); }

    static double variance(const double* x, std::size_t n) {
        return parmap::variance(std::span(x, n));
    }

    static double range(const double* x, std::size_t n) {
        const auto ends = parmap::minmax(std::span(x, n));
        return ends->max - ends->min;
    }

    static std::vector<double> scan(const double* x, std::size_t n) {
        return parmap::inclusive_scan(std::span(x, n), std::plus<>());
    }

    template <class T>
    static void sort(std::vector<T>& values) {
        parmap::parallel_sort(values);
    }
};

using contestants = std::tuple<parmap_verbs>;

} // namespace bench
