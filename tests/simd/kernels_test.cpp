// SPDX-License-Identifier: Apache-2.0
#include "parmap/simd/kernels.hpp"

#include "simd/kernel_checks.hpp"
#include "support/catch.hpp"

#include <cstddef>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace parmap_tests;

namespace {

template <class T>
bool same_bits(std::span<const T> a, std::span<const T> b) {
    return a.size() == b.size() &&
           (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

template <class T>
std::vector<T> ordinary_points(std::size_t n) {
    return random_points<T>({"[-5, 5]", -5, 5}, n, 20'260'917);
}

template <class T>
bool any_length_and_place(const kernel_table& k, kernel_name f, const std::vector<T>& x) {
    std::vector<T> alone(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        alone[i] = apply(k, f, x[i]);
    bool right = true;
    for (std::size_t n = 0; n <= 580; n += n < 40 || (n > 250 && n < 262) ? 1 : 27) {
        for (std::size_t offset = 0; offset < 4; ++offset) {
            std::vector<T> y(n + offset + 5, T(77));
            apply(k, f, x.data() + 3 * offset, y.data() + offset, n);
            const std::span<const T> all(y);
            right = right && same_bits<T>(all.subspan(offset, n),
                                          std::span<const T>(alone).subspan(3 * offset, n));
            for (std::size_t i = 0; i < offset; ++i)
                right = right && y[i] == T(77);
            for (std::size_t i = offset + n; i < y.size(); ++i)
                right = right && y[i] == T(77);
        }
    }
    return right;
}

/// Calls the public function of that name.
template <class T>
void call(kernel_name f, std::span<const T> in, std::span<T> out) {
    namespace simd = parmap::simd;
    switch (f) {
    case kernel_name::exp:
        return simd::exp(in, out);
    case kernel_name::expm1:
        return simd::expm1(in, out);
    case kernel_name::sinh:
        return simd::sinh(in, out);
    case kernel_name::exp_sinh:
        return simd::exp_sinh(in, out);
    case kernel_name::exp_sinh_fast:
        return simd::exp_sinh_fast(in, out);
    }
}

} // namespace

TEST_CASE("isa names a usable instruction set", "[simd][kernels]") {
    bool found = false;
    for (const kernel_table& k : usable_kernels())
        found = found || name_of(k) == parmap::simd::isa();
    CHECK(found);
}

TEMPLATE_TEST_CASE(
    "kernels take any length and alignment, and elements do not depend on their place",
    "[simd][kernels]", double, float) {
    const auto x = ordinary_points<TestType>(620);
    for (const kernel_table& k : usable_kernels()) {
        for (const kernel_name f : all_names) {
            INFO(name_of(k) << ' ' << name_of(f));
            CHECK(any_length_and_place(k, f, x));
        }
    }
}

TEMPLATE_TEST_CASE("kernels work in place", "[simd][kernels]", double, float) {
    for (const kernel_table& k : usable_kernels()) {
        for (const kernel_name f : all_names) {
            for (const std::size_t n : {1U, 3U, 4U, 127U, 128U, 130U, 256U, 1001U}) {
                const auto x = ordinary_points<TestType>(n);
                std::vector<TestType> apart(n);
                apply(k, f, x.data(), apart.data(), n);
                auto y = x;
                apply(k, f, y.data(), y.data(), n);
                INFO(name_of(k) << ' ' << name_of(f) << ", n = " << n);
                CHECK(same_bits<TestType>(y, apart));
            }
        }
    }
}

TEMPLATE_TEST_CASE("each public function is the kernel of its name", "[simd][kernels]", double,
                   float) {
    const auto x = ordinary_points<TestType>(100);
    const auto& active = parmap::detail::active_kernels<parmap::detail::this_build>();
    for (const kernel_name f : all_names) {
        std::vector<TestType> y(x.size()), expected(x.size());
        call<TestType>(f, x, y);
        apply(active, f, x.data(), expected.data(), x.size());
        INFO(name_of(f));
        CHECK(same_bits<TestType>(y, expected));
        CHECK(worst_error<TestType>(y, references<TestType>(f, x)).ulp <= bound_of(f));
    }
}

TEMPLATE_TEST_CASE("kernels refuse unequal lengths before they write", "[simd][kernels]", double,
                   float) {
    const std::vector<TestType> x(3, TestType(1));
    const std::vector<TestType> untouched(4, TestType(77));
    auto y = untouched;
    for (const kernel_name f : all_names) {
        CHECK_THROWS_AS(call<TestType>(f, x, y), std::length_error);
        CHECK_THROWS_WITH(call<TestType>(f, x, y), std::string("parmap::simd::") + name_of(f) +
                                                       ": in has 3 elements, out has 4");
        CHECK(y == untouched);
    }
}

TEST_CASE("a kernel takes vectors, spans and nothing, and is an argument itself",
          "[simd][kernels]") {
    const std::vector<double> x = {1.0, 2.0, 3.0};
    std::vector<double> y(2);
    const auto through = [&](auto f) { f(std::span(x).first(2), y); };
    through(parmap::simd::exp_sinh);
    CHECK(y[0] == Approx(std::exp(1.0) * std::sinh(1.0)).epsilon(1e-15));
    CHECK(y[1] == Approx(std::exp(2.0) * std::sinh(2.0)).epsilon(1e-15));
    std::vector<float> z = {1.0F};
    parmap::simd::exp(z, z);
    CHECK(z[0] == Approx(std::exp(1.0)).epsilon(1e-7));
    parmap::simd::sinh(std::span<const double>{}, std::span<double>{});
}
