// SPDX-License-Identifier: Apache-2.0
// A unit built for an old CPU, linked behind one that may use all that this machine has: whatever
// both emit, the linker keeps the other's. Arrays, since unoptimised code of the standard library
// is shared all the same.
#include <parmap/simd/kernels.hpp>

#include <cstdio>
#include <span>

void kernels_of_a_new_cpu();

namespace {

template <class T>
bool right(T expected, T found) {
    return found > expected * T(0.999999) && found < expected * T(1.000001);
}

} // namespace

int main(int count, char**) {
    if (count > 1) // never; but the linker must not drop it
        kernels_of_a_new_cpu();
    static double x[300], y[300];
    static float a[77], b[77];
    for (double& each : x)
        each = 1;
    for (float& each : a)
        each = 1;
    parmap::simd::exp_sinh(std::span<const double>(x), std::span<double>(y));
    parmap::simd::sinh(std::span<const float>(a), std::span<float>(b));
    std::printf("%s: %g %g\n", parmap::simd::isa().data(), y[299], static_cast<double>(b[76]));
    return right(y[299], 3.1945280494653251) && right(b[76], 1.17520119F) ? 0 : 1;
}
