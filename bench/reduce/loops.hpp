// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace reduce {

/// The plain loop as one writes it for speed: with lanes, so that it is vectorised without
/// -ffast-math and no addition waits for the one before it.
template <class Gather>
double gathered(const double* x, std::size_t n, double start, const Gather& gather) {
    constexpr std::size_t width = 16;
    double lanes[width];
    std::fill_n(lanes, width, start);
    std::size_t i = 0;
    for (; i + width <= n; i += width) {
        for (std::size_t lane = 0; lane != width; ++lane)
            lanes[lane] = gather(lanes[lane], x[i + lane]);
    }
    for (; i != n; ++i)
        lanes[0] = gather(lanes[0], x[i]);
    for (std::size_t lane = 1; lane != width; ++lane)
        lanes[0] = gather(lanes[0], lanes[lane]);
    return lanes[0];
}

inline double sum_of(const double* x, std::size_t n) {
    return gathered(x, n, 0, [](double a, double b) { return a + b; });
}

/// Of the squared distances from `middle`.
inline double squares_of(const double* x, std::size_t n, double middle) {
    constexpr std::size_t width = 16;
    double lanes[width] = {};
    std::size_t i = 0;
    for (; i + width <= n; i += width) {
        for (std::size_t lane = 0; lane != width; ++lane) {
            const double distance = x[i + lane] - middle;
            lanes[lane] += distance * distance;
        }
    }
    for (; i != n; ++i)
        lanes[0] += (x[i] - middle) * (x[i] - middle);
    return sum_of(lanes, width);
}

struct least_and_greatest {
    double least, greatest;
};

inline least_and_greatest ends_of(const double* x, std::size_t n) {
    constexpr std::size_t width = 16;
    double least[width], greatest[width];
    std::fill_n(least, width, x[0]);
    std::fill_n(greatest, width, x[0]);
    std::size_t i = 0;
    for (; i + width <= n; i += width) {
        for (std::size_t lane = 0; lane != width; ++lane) {
            least[lane] = x[i + lane] < least[lane] ? x[i + lane] : least[lane];
            greatest[lane] = greatest[lane] < x[i + lane] ? x[i + lane] : greatest[lane];
        }
    }
    for (; i != n; ++i) {
        least[0] = std::min(least[0], x[i]);
        greatest[0] = std::max(greatest[0], x[i]);
    }
    return {*std::min_element(least, least + width), *std::max_element(greatest, greatest + width)};
}

/// The plain loops and std's serial algorithms, which everybody is compared with.
struct serial {
    static constexpr const char* name = "loop";

    static double sum(const double* x, std::size_t n) { return sum_of(x, n); }

    static double mean(const double* x, std::size_t n) {
        return sum(x, n) / static_cast<double>(n);
    }

    static double variance(const double* x, std::size_t n) {
        return squares_of(x, n, mean(x, n)) / static_cast<double>(n);
    }

    static double range(const double* x, std::size_t n) {
        const least_and_greatest ends = ends_of(x, n);
        return ends.greatest - ends.least;
    }

    static std::vector<double> scan(const double* x, std::size_t n) {
        std::vector<double> sums(n);
        std::inclusive_scan(x, x + n, sums.begin());
        return sums;
    }

    template <class T>
    static void sort(std::vector<T>& values) {
        std::sort(values.begin(), values.end());
    }
};

} // namespace reduce
