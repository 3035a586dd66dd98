// SPDX-License-Identifier: Apache-2.0
#include <parmap/simd/kernels.hpp>

#include <span>

void kernels_of_a_new_cpu() {
    static double x[300];
    static float a[77];
    parmap::simd::exp_sinh(std::span<const double>(x), std::span<double>(x));
    parmap::simd::sinh(std::span<const float>(a), std::span<float>(a));
    (void)parmap::simd::isa();
}
