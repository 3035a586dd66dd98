// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parmap/simd/detail/build.hpp"
#include "parmap/simd/detail/dispatch.hpp"
#include "parmap/simd/detail/instruction_set.hpp"
#include "parmap/simd/detail/kernel_table.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace parmap_tests {

using parmap::detail::kernel_name;
using parmap::detail::kernel_table;

inline constexpr kernel_name all_names[] = {kernel_name::exp, kernel_name::expm1, kernel_name::sinh,
                                            kernel_name::exp_sinh, kernel_name::exp_sinh_fast};

inline std::string_view name_of(const kernel_table& k) {
    return parmap::detail::instruction_set_names[static_cast<std::size_t>(k.set)];
}

inline const char* name_of(kernel_name f) {
    return parmap::detail::kernel_names[static_cast<std::size_t>(f)];
}

/// What is promised.
inline double bound_of(kernel_name f) {
    return f == kernel_name::exp_sinh_fast ? 2 : 1;
}

/// The kernels of every instruction set that this machine can run.
inline std::vector<kernel_table> usable_kernels() {
    using namespace parmap::detail;
    std::vector<kernel_table> kernels;
    for (std::size_t i = 0; i < instruction_set_names.size(); ++i) {
        const auto set = static_cast<instruction_set>(i);
        if (is_usable<this_build>(set, detect_cpu<this_build>()))
            kernels.push_back(kernels_of<this_build>(set));
    }
    return kernels;
}

template <class T>
void apply(const kernel_table& k, kernel_name f, const T* in, T* out, std::size_t n) {
    const auto place = static_cast<std::size_t>(f);
    if constexpr (std::is_same_v<T, double>)
        k.f64.by_name[place](in, out, n);
    else
        k.f32.by_name[place](in, out, n);
}

template <class T>
T apply(const kernel_table& k, kernel_name f, T x) {
    T y = -1;
    apply(k, f, &x, &y, 1);
    return y;
}

struct point_class {
    const char* name;
    double low, high;
    bool logarithmic = false; // low and high are then powers of ten, and signs are mixed
};

/// Where f overflows.
template <class T>
double overflow_of(kernel_name f) {
    const double limit = std::log(2.0) * std::numeric_limits<T>::max_exponent;
    if (f == kernel_name::exp || f == kernel_name::expm1)
        return limit;
    return f == kernel_name::sinh ? limit + std::log(2.0) : (limit + std::log(2.0)) / 2;
}

template <class T>
std::vector<point_class> point_classes(kernel_name f) {
    constexpr bool wide = std::is_same_v<T, double>;
    const double most = overflow_of<T>(f);
    const double around = wide ? 1e-9 : 1e-3;
    return {{"all there is", wide ? -750.0 : -110.0, wide ? 750.0 : 110.0},
            {"tiny ... 1", wide ? -300.0 : -37.0, 0, true},
            {"|x| < 0.35", -0.35, 0.35},
            {"[-5, 5]", -5, 5},
            {"around overflow", most - around, most + around},
            {"large", most - 1.3, most},
            {"towards underflow", wide ? -746.0 : -104.5, wide ? -707.0 : -86.0},
            {"cancellation", 0.17, 1.1},
            {"1 against 2^digits", wide ? 17.0 : 7.0, wide ? 40.0 : 20.0},
            {"towards the limit", wide ? -41.0 : -21.0, wide ? -15.0 : -7.0}};
}

template <class T>
std::vector<T> random_points(const point_class& set, std::size_t n, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(set.low, set.high);
    std::vector<T> points(n);
    for (T& x : points) {
        double y = uniform(random);
        if (set.logarithmic)
            y = std::copysign(std::pow(10.0, y), random() % 2 == 0 ? 1.0 : -1.0);
        x = static_cast<T>(y);
    }
    return points;
}

/// Results are held against a type with at least eleven bits more than theirs.
template <class T>
using wider = std::conditional_t<std::is_same_v<T, float>, double, long double>;

template <class W>
W reference(kernel_name f, W x) {
    switch (f) {
    case kernel_name::exp:
        return std::exp(x);
    case kernel_name::expm1:
        return std::expm1(x);
    case kernel_name::sinh:
        return std::sinh(x);
    default:
        return std::expm1(2 * x) / 2;
    }
}

template <class T>
std::vector<wider<T>> references(kernel_name f, std::span<const T> points) {
    static_assert(std::numeric_limits<wider<T>>::digits >= std::numeric_limits<T>::digits + 11,
                  "the reference needs a longer long double");
    std::vector<wider<T>> all;
    all.reserve(points.size());
    for (const T x : points)
        all.push_back(reference(f, static_cast<wider<T>>(x)));
    return all;
}

/// In units of the last place of the nearest T; a wrong infinity or NaN is infinitely wrong.
template <class T>
double error_in_ulp(T y, wider<T> expected) {
    using limits = std::numeric_limits<T>;
    const auto nearest = static_cast<T>(expected);
    if (!std::isfinite(nearest) || !std::isfinite(y))
        return y == nearest ? 0.0 : HUGE_VAL;
    int exponent = 0;
    std::frexp(nearest, &exponent);
    const int last = std::max(exponent, limits::min_exponent) - limits::digits;
    const wider<T> ulp = std::ldexp(wider<T>(1), last);
    return static_cast<double>(std::fabs(static_cast<wider<T>>(y) - expected) / ulp);
}

struct error {
    double ulp = 0;
    std::size_t at = 0;
};

template <class T>
error worst_error(std::span<const T> values, std::span<const wider<T>> expected) {
    error worst;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double ulp = error_in_ulp(values[i], expected[i]);
        if (!(ulp <= worst.ulp))
            worst = {ulp, i};
    }
    return worst;
}

} // namespace parmap_tests
