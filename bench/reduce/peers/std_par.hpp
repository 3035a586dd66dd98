// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <execution>
#include <functional>
#include <numeric>
#include <tuple>
#include <vector>

namespace bench {

struct std_par {
    static constexpr const char* name = "std_par";

    static double sum(const double* x, std::size_t n) {
        return std::reduce(std::execution::par_unseq, x, x + n);
    }

    static double mean(const double* x, std::size_t n) {
        return sum(x, n) / static_cast<double>(n);
    }

    static double variance(const double* x, std::size_t n) {
        const double squares = std::transform_reduce(
            std::execution::par_unseq, x, x + n, 0.0, std::plus<>(),
            [middle = mean(x, n)](double value) { return (value - middle) * (value - middle); });
        return squares / static_cast<double>(n);
    }

    static double range(const double* x, std::size_t n) {
        const auto ends = std::minmax_element(std::execution::par_unseq, x, x + n);
        return *ends.second - *ends.first;
    }

    static std::vector<double> scan(const double* x, std::size_t n) {
        std::vector<double> sums(n);
        std::inclusive_scan(std::execution::par, x, x + n, sums.begin());
        return sums;
    }

    template <class T>
    static void sort(std::vector<T>& values) {
        std::sort(std::execution::par, values.begin(), values.end());
    }
};

/// What is stable, as parmap's is.
struct std_par_stable {
    static constexpr const char* name = "std_par_stable";

    template <class T>
    static void sort(std::vector<T>& values) {
        std::stable_sort(std::execution::par, values.begin(), values.end());
    }
};

using contestants = std::tuple<std_par, std_par_stable>;

} // namespace bench
