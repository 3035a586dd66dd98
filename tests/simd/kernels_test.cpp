// SPDX-License-Identifier: Apache-2.0
#include "parmap/simd/kernels.hpp"

#include "simd/kernel_checks.hpp"
#include "support/catch.hpp"

#include <cfenv>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace parmap_tests;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double denormal = std::numeric_limits<double>::denorm_min();

bool same_bits(std::span<const double> a, std::span<const double> b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

double one(const kernel& k, double x) {
    double y = -1;
    k.exp_sinh_f64(&x, &y, 1);
    return y;
}

} // namespace

TEST_CASE("isa names a usable instruction set", "[simd][kernels]") {
    bool found = false;
    for (const kernel& k : usable_kernels())
        found = found || name_of(k) == parmap::simd::isa();
    CHECK(found);
}

TEST_CASE("exp_sinh errs by at most one ULP", "[simd][kernels]") {
    const auto set = GENERATE(from_range(point_classes()));
    const auto x = random_points(set, 200'000);
    const auto reference = exp_sinh_references(x);
    for (const kernel& k : usable_kernels()) {
        std::vector<double> y(x.size());
        k.exp_sinh_f64(x.data(), y.data(), x.size());
        const auto worst = worst_error(y, reference);
        INFO(name_of(k) << " in " << set.name << ": " << worst.ulp
                        << " ULP at x = " << x[worst.at]);
        CHECK(worst.ulp <= 1.0);
    }
}

TEST_CASE("exp_sinh knows its special values", "[simd][kernels]") {
    for (const kernel& k : usable_kernels()) {
        INFO(name_of(k));
        CHECK(std::isnan(one(k, not_a_number)));
        CHECK(std::isnan(one(k, -not_a_number)));
        CHECK(one(k, infinity) == infinity);
        CHECK(one(k, -infinity) == -0.5);
        CHECK(one(k, 1e308) == infinity);
        CHECK(one(k, -1e308) == -0.5);
        CHECK(one(k, -710.0) == -0.5);
        CHECK(one(k, -20.0) == -0.5);
        CHECK((one(k, 0.0) == 0 && !std::signbit(one(k, 0.0))));
        CHECK((one(k, -0.0) == 0 && std::signbit(one(k, -0.0))));
        for (const double tiny : {denormal, 3 * denormal, 1e-310, 2.3e-308, 1e-200, 5e-17}) {
            CHECK(one(k, tiny) == tiny);
            CHECK(one(k, -tiny) == -tiny);
        }
    }
}

TEST_CASE("exp_sinh overflows where the function does and not before", "[simd][kernels]") {
    std::vector<double> x = {355.2379300};
    while (x.size() < 20'000)
        x.push_back(std::nextafter(x.back() + 1e-9, infinity));
    const auto reference = exp_sinh_references(x);
    REQUIRE(std::isfinite(static_cast<double>(reference.front())));
    REQUIRE(std::isinf(static_cast<double>(reference.back())));
    for (const kernel& k : usable_kernels()) {
        std::vector<double> y(x.size());
        k.exp_sinh_f64(x.data(), y.data(), x.size());
        const auto worst = worst_error(y, reference);
        INFO(name_of(k) << ": " << worst.ulp << " ULP at x = " << x[worst.at]);
        CHECK(worst.ulp <= 1.0);
    }
}

TEST_CASE("exp_sinh raises nothing but inexact for ordinary values", "[simd][kernels]") {
    std::vector<double> x;
    for (int decade = -300; decade <= 0; ++decade)
        x.insert(x.end(), {std::pow(10.0, decade), -std::pow(10.0, decade)});
    x.insert(x.end(), {0.0, -0.0, 355.2, -355.2, -745.0, -1e300, -infinity, infinity});
    for (const kernel& k : usable_kernels()) {
        std::vector<double> y(x.size());
        std::feclearexcept(FE_ALL_EXCEPT);
        k.exp_sinh_f64(x.data(), y.data(), x.size() - 1);
        const int raised = std::fetestexcept(FE_ALL_EXCEPT & ~FE_INEXACT);
        INFO(name_of(k));
        CHECK(raised == 0);
    }
}

TEST_CASE("exp_sinh takes any length and alignment, and elements do not depend on their place",
          "[simd][kernels]") {
    const auto x = random_points({"[-5,5]", -5, 5, false}, 700);
    for (const kernel& k : usable_kernels()) {
        std::vector<double> alone(x.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            alone[i] = one(k, x[i]);
        bool right = true;
        for (std::size_t n = 0; n <= 290; n += n < 70 || n > 250 ? 1 : 9) {
            for (std::size_t offset = 0; offset < 4; ++offset) {
                std::vector<double> y(n + offset + 5, 77.0);
                k.exp_sinh_f64(x.data() + 3 * offset, y.data() + offset, n);
                const std::span<const double> all(y);
                right = right &&
                        same_bits(all.subspan(offset, n), std::span(alone).subspan(3 * offset, n));
                for (std::size_t i = 0; i < offset; ++i)
                    right = right && y[i] == 77.0;
                for (std::size_t i = offset + n; i < y.size(); ++i)
                    right = right && y[i] == 77.0;
            }
        }
        INFO(name_of(k));
        CHECK(right);
    }
}

TEST_CASE("exp_sinh works in place", "[simd][kernels]") {
    for (const std::size_t n : {1u, 3u, 4u, 127u, 128u, 1001u}) {
        const auto x = random_points({"[-5,5]", -5, 5, false}, n);
        std::vector<double> apart(n);
        parmap::simd::exp_sinh(x, apart);
        auto y = x;
        parmap::simd::exp_sinh(y, y);
        CHECK(same_bits(y, apart));
    }
}

TEST_CASE("exp_sinh refuses unequal lengths before it writes", "[simd][kernels]") {
    const std::vector<double> x(3, 1.0);
    std::vector<double> y(4, 77.0);
    CHECK_THROWS_AS(parmap::simd::exp_sinh(x, y), std::length_error);
    CHECK_THROWS_WITH(parmap::simd::exp_sinh(x, y),
                      "parmap::simd::exp_sinh: in has 3 elements, out has 4");
    CHECK(y == std::vector<double>(4, 77.0));
}

TEST_CASE("exp_sinh can be called on spans of vectors and be given as a function",
          "[simd][kernels]") {
    const std::vector<double> x = {1.0, 2.0, 3.0};
    std::vector<double> y(2);
    void (*f)(std::span<const double>, std::span<double>) = &parmap::simd::exp_sinh;
    f(std::span(x).first(2), y);
    CHECK(y[0] == Approx(std::exp(1.0) * std::sinh(1.0)).epsilon(1e-15));
    CHECK(y[1] == Approx(std::exp(2.0) * std::sinh(2.0)).epsilon(1e-15));
    parmap::simd::exp_sinh(std::span<const double>{}, std::span<double>{});
}
