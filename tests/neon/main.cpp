// SPDX-License-Identifier: Apache-2.0
// The kernels of an ARM machine, without a test framework, which would have to be cross-compiled
// too. Here long double has 113 bits, in software: few points.
#include "simd/kernel_checks.hpp"

#include <parmap/simd/kernels.hpp>

#include <cfenv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <vector>

using namespace parmap_tests;

namespace {

bool failed = false;

template <class T>
void expect(bool held, const kernel_table& k, kernel_name f, const char* what, T x) {
    if (held)
        return;
    failed = true;
    std::printf("%s %s for %zu bytes: %s at x = %.17g\n", name_of(k).data(), name_of(f), sizeof(T),
                what, static_cast<double>(x));
}

template <class T>
void check_errors(const kernel_table& k, kernel_name f) {
    for (const point_class& set : point_classes<T>(f)) {
        const auto x = random_points<T>(set, 300, 20'260'917);
        std::vector<T> y(x.size());
        apply(k, f, x.data(), y.data(), x.size());
        const auto worst = worst_error<T>(y, references<T>(f, x));
        expect(worst.ulp <= bound_of(f), k, f, "errs too much", x[worst.at]);
    }
}

template <class T>
void check_special_values(const kernel_table& k, kernel_name f) {
    using limits = std::numeric_limits<T>;
    expect(std::isnan(apply(k, f, limits::quiet_NaN())), k, f, "loses NaN", limits::quiet_NaN());
    for (const T x : {T(0), T(-0.0), limits::infinity(), -limits::infinity(), T(-1000), T(1000),
                      limits::denorm_min(), -3 * limits::denorm_min(), limits::min() / 4}) {
        const T y = apply(k, f, x);
        const auto expected = static_cast<T>(reference(f, static_cast<wider<T>>(x)));
        const bool right = y == expected && std::signbit(y) == std::signbit(expected);
        expect(right, k, f, "is wrong", x);
    }
}

template <class T>
void check_exceptions(const kernel_table& k, kernel_name f) {
    for (const T x : {T(0), T(0.3), T(-5), T(20), std::numeric_limits<T>::min() * 1000}) {
        std::feclearexcept(FE_ALL_EXCEPT);
        apply(k, f, x);
        expect(std::fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT) == 0, k, f, "raises too much", x);
    }
}

template <class T>
void check_places(const kernel_table& k, kernel_name f) {
    const auto x = random_points<T>({"[-5, 5]", -5, 5}, 300, 20'260'917);
    for (const std::size_t n : {1U, 2U, 3U, 5U, 127U, 130U, 257U, 300U}) {
        auto y = x; // in place, at an odd address
        apply(k, f, y.data() + 1, y.data() + 1, n - 1);
        for (std::size_t i = 1; i < x.size(); ++i) {
            const T expected = i < n ? apply(k, f, x[i]) : x[i];
            const bool same = std::memcmp(&y[i], &expected, sizeof(T)) == 0;
            expect(same, k, f, "depends on its place", x[i]);
        }
    }
}

template <class T>
void check(const kernel_table& k) {
    for (const kernel_name f : all_names) {
        check_errors<T>(k, f);
        check_special_values<T>(k, f);
        check_exceptions<T>(k, f);
        check_places<T>(k, f);
    }
}

} // namespace

int main() {
    if (parmap::simd::isa() != "neon") {
        std::printf("there are no NEON kernels here, but %s\n", parmap::simd::isa().data());
        return 1;
    }
    for (const kernel_table& k : usable_kernels()) {
        check<double>(k);
        check<float>(k);
    }
    return failed ? 1 : 0;
}
