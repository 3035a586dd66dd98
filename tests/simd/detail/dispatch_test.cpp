// SPDX-License-Identifier: Apache-2.0
#include "parmap/simd/detail/dispatch.hpp"

#include "support/catch.hpp"

#include <cmath>
#include <cstdlib>
#include <stdexcept>

using namespace parmap::detail;

#if defined(__unix__) || defined(__APPLE__)

// Each build key chooses for itself, so that each number below is a program's first call anew.

TEST_CASE("the environment is read at the first call and then no more", "[simd][dispatch]") {
    setenv("PARMAP_SIMD", "scalar", 1);
    CHECK(active_kernels<1'000'001>().set == instruction_set::scalar);
    setenv("PARMAP_SIMD", "nonsense", 1);
    CHECK(active_kernels<1'000'001>().set == instruction_set::scalar);
    unsetenv("PARMAP_SIMD");
}

TEST_CASE("a refused value is refused at each call until it is mended", "[simd][dispatch]") {
    setenv("PARMAP_SIMD", "nonsense", 1);
    CHECK_THROWS_AS(active_kernels<1'000'002>(), std::invalid_argument);
    CHECK_THROWS_AS(active_kernels<1'000'002>(), std::invalid_argument);
    unsetenv("PARMAP_SIMD");
    const auto best = choose_instruction_set<0>(detect_cpu<0>(), nullptr);
    CHECK(active_kernels<1'000'002>().set == best);
}

#endif

TEST_CASE("each instruction set has kernels of its own", "[simd][dispatch]") {
    const auto scalar = kernels_of<0>(instruction_set::scalar);
    CHECK(scalar.set == instruction_set::scalar);
    const double x = 1;
    double y = 0;
    scalar.exp_sinh_f64(&x, &y, 1);
    CHECK(y == Approx(std::exp(1.0) * std::sinh(1.0)));
    if (!is_usable<0>(instruction_set::avx2, detect_cpu<0>()))
        return;
    CHECK(kernels_of<0>(instruction_set::avx2).exp_sinh_f64 != scalar.exp_sinh_f64);
}

TEST_CASE("units built for different machines share no kernel", "[simd][dispatch]") {
    CHECK(kernels_of<0>(instruction_set::scalar).exp_sinh_f64 !=
          kernels_of<1>(instruction_set::scalar).exp_sinh_f64);
}
