// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parmap/simd/detail/build.hpp"
#include "parmap/simd/detail/dispatch.hpp"
#include "parmap/simd/detail/instruction_set.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace parmap_tests {

using kernel = parmap::detail::kernel_table;

inline std::string_view name_of(const kernel& k) {
    return parmap::detail::instruction_set_names[static_cast<std::size_t>(k.set)];
}

/// The kernels of every instruction set that this machine can run.
inline std::vector<kernel> usable_kernels() {
    using namespace parmap::detail;
    std::vector<kernel> kernels;
    for (std::size_t i = 0; i < instruction_set_names.size(); ++i) {
        const auto set = static_cast<instruction_set>(i);
        if (is_usable<this_build>(set, detect_cpu<this_build>()))
            kernels.push_back(kernels_of<this_build>(set));
    }
    return kernels;
}

struct point_class {
    const char* name;
    double low, high;
    bool logarithmic; // low and high are then powers of ten, and signs are mixed
};

inline std::vector<point_class> point_classes() {
    return {{"[-750,750]", -750, 750, false},    {"1e-300..1", -300, 0, true},
            {"|x|<0.35", -0.35, 0.35, false},    {"[-5,5]", -5, 5, false},
            {"overflow", 354.0, 355.3, false},   {"-708", -709, -707, false},
            {"cancellation", 0.17, 0.53, false}, {"1/4 against 2^52", 18, 20, false},
            {"towards -1/2", -21, -15, false}};
}

inline std::vector<double> random_points(const point_class& set, std::size_t n) {
    std::mt19937_64 random(20'260'917);
    std::uniform_real_distribution<double> uniform(set.low, set.high);
    std::vector<double> points(n);
    for (double& x : points) {
        x = uniform(random);
        if (set.logarithmic)
            x = std::copysign(std::pow(10.0, x), random() % 2 == 0 ? 1.0 : -1.0);
    }
    return points;
}

/// exp(x) * sinh(x) with at least eleven bits more than the kernels have.
inline std::vector<long double> exp_sinh_references(std::span<const double> points) {
    static_assert(LDBL_MANT_DIG >= 64, "the reference needs a longer long double");
    std::vector<long double> references;
    references.reserve(points.size());
    for (const double x : points)
        references.push_back(0.5L * std::expm1(2.0L * static_cast<long double>(x)));
    return references;
}

struct error {
    double ulp = 0;
    std::size_t at = 0;
};

/// In units of the last place of the nearest double; a wrong infinity or NaN is infinitely wrong.
inline double error_in_ulp(double y, long double reference) {
    const auto nearest = static_cast<double>(reference);
    if (!std::isfinite(nearest) || !std::isfinite(y))
        return y == nearest ? 0.0 : HUGE_VAL;
    int exponent = 0;
    std::frexp(nearest, &exponent);
    const long double ulp = std::ldexp(1.0L, std::max(exponent - DBL_MANT_DIG, -1074));
    return static_cast<double>(std::fabs(static_cast<long double>(y) - reference) / ulp);
}

inline error worst_error(std::span<const double> values, std::span<const long double> references) {
    error worst;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double ulp = error_in_ulp(values[i], references[i]);
        if (!(ulp <= worst.ulp))
            worst = {ulp, i};
    }
    return worst;
}

} // namespace parmap_tests
