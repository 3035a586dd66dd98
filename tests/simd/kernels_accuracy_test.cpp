// SPDX-License-Identifier: Apache-2.0
#include "parmap/simd/kernels.hpp"

#include "simd/kernel_checks.hpp"
#include "support/catch.hpp"

#include <cfenv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

using namespace parmap_tests;

namespace {

template <class T>
void check_errors(kernel_name f, std::uint64_t seed) {
    constexpr std::size_t n = 6'000;
    for (const point_class& set : point_classes<T>(f)) {
        const auto x = random_points<T>(set, n, seed);
        const auto expected = references<T>(f, x);
        for (const kernel_table& k : usable_kernels()) {
            std::vector<T> y(n);
            apply(k, f, x.data(), y.data(), n);
            const auto worst = worst_error<T>(y, expected);
            INFO(name_of(k) << ' ' << name_of(f) << ", " << set.name << ", seed " << seed << ": "
                            << worst.ulp << " ULP at x = " << x[worst.at]);
            CHECK(worst.ulp <= bound_of(f));
        }
    }
}

template <class T>
bool is_zero(T y, bool negative) {
    return y == 0 && std::signbit(y) == negative;
}

template <class T>
void check_special_values(const kernel_table& k, kernel_name f) {
    using limits = std::numeric_limits<T>;
    const auto value = [&](T x) { return apply(k, f, x); };
    const T infinity = limits::infinity();
    CHECK(std::isnan(value(limits::quiet_NaN())));
    CHECK(std::isnan(value(-limits::quiet_NaN())));
    CHECK(value(infinity) == infinity);
    CHECK(value(limits::max()) == infinity);
    const T limit = f == kernel_name::exp     ? T(0)
                    : f == kernel_name::expm1 ? T(-1)
                    : f == kernel_name::sinh  ? -infinity
                                              : T(-0.5);
    CHECK(value(-infinity) == limit);
    CHECK(value(-limits::max()) == limit);
    CHECK(value(T(-1000)) == limit);
    if (f == kernel_name::exp) {
        CHECK(value(T(0)) == 1);
        CHECK(value(T(-0.0)) == 1);
        return;
    }
    CHECK(is_zero(value(T(0)), false));
    CHECK(is_zero(value(T(-0.0)), true));
    const T least = limits::denorm_min();
    for (const T tiny : {least, 3 * least, limits::min() / 2, limits::min(), 3 * limits::min(),
                         limits::min() * T(1e7), limits::epsilon() / 5}) {
        CHECK(value(tiny) == tiny);
        CHECK(value(-tiny) == -tiny);
    }
}

template <class T>
std::vector<T> harmless_points(kernel_name f) {
    std::vector<T> x = {T(0), T(-0.0), T(-20), T(-70), T(overflow_of<T>(f) - 0.1)};
    if (f != kernel_name::exp && f != kernel_name::sinh) // whose results would be subnormal, or
        x.insert(x.end(), {T(-745), T(-1e30)});          // overflow
    const int least = std::numeric_limits<T>::min_exponent10 + 2;
    for (int decade = least; decade <= 1; ++decade) {
        const T power = T(std::pow(10.0, decade));
        x.insert(x.end(), {power, -power, T(1.7) * power});
    }
    return x;
}

} // namespace

TEMPLATE_TEST_CASE("kernels err by no more than is promised", "[simd][kernels]", double, float) {
    const kernel_name f = GENERATE(from_range(std::begin(all_names), std::end(all_names)));
    check_errors<TestType>(f, 20'260'917);
    check_errors<TestType>(f, std::random_device{}());
}

TEMPLATE_TEST_CASE("kernels know their special values", "[simd][kernels]", double, float) {
    for (const kernel_table& k : usable_kernels()) {
        for (const kernel_name f : all_names) {
            INFO(name_of(k) << ' ' << name_of(f));
            check_special_values<TestType>(k, f);
        }
    }
}

TEMPLATE_TEST_CASE("kernels raise nothing but inexact for ordinary values", "[simd][kernels]",
                   double, float) {
    for (const kernel_table& k : usable_kernels()) {
        for (const kernel_name f : all_names) {
            const auto x = harmless_points<TestType>(f);
            std::vector<TestType> y(x.size());
            std::feclearexcept(FE_ALL_EXCEPT);
            apply(k, f, x.data(), y.data(), x.size());
            const int raised = std::fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT);
            INFO(name_of(k) << ' ' << name_of(f));
            CHECK(raised == 0);
        }
    }
}
