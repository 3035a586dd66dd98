// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/simd/detail/expm1_constants.hpp>

#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace parmap::detail::portable {

// One double. No std::fma: without the instruction it is a slow library call. Products that must be
// exact are exact without it, and sums are no worse where the compiler contracts them.
struct f64 {
    using vec = double;
    using mask = bool;
    static constexpr std::size_t width = 1;

    [[gnu::always_inline]] static vec load(const double* from) { return *from; }
    [[gnu::always_inline]] static void store(double* to, vec a) { *to = a; }
    [[gnu::always_inline]] static vec set(double a) { return a; }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return a + b; }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return a - b; }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return a * b; }
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return a * b + c; }
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) { return c - a * b; }
    // The second argument where either is NaN, as the vector instructions have it.
    [[gnu::always_inline]] static vec min(vec a, vec b) { return a < b ? a : b; }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return a > b ? a : b; }
    [[gnu::always_inline]] static vec abs(vec a) { return of_bits(bits(a) & ~sign); }

    [[gnu::always_inline]] static mask less(vec a, vec b) { return a < b; }
    [[gnu::always_inline]] static vec clear(mask m, vec a) { return m ? 0.0 : a; }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) { return m ? yes : no; }
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return of_bits(bits(a) | (bits(s) & sign));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) { return of_bits(bits(a) << 52); }

private:
    static constexpr std::uint64_t sign = std::uint64_t{1} << 63;

    // Not std::bit_cast: unoptimised, it is a function that units of other targets would share.
    [[gnu::always_inline]] static std::uint64_t bits(double a) {
        std::uint64_t b = 0;
        std::memcpy(&b, &a, sizeof b);
        return b;
    }
    [[gnu::always_inline]] static double of_bits(std::uint64_t a) {
        double b = 0;
        std::memcpy(&b, &a, sizeof b);
        return b;
    }
};

#if defined(__FAST_MATH__) || FLT_EVAL_METHOD == 2 || FLT_EVAL_METHOD < 0

// Where sums may be reordered or are held in wider registers, what a sum rounds away cannot be
// kept; the mathematical library was built without such liberties.
template <std::uint64_t Build, class V>
void exp_sinh(const double* in, double* out, std::size_t n) {
    constexpr double half_e = 1.3591409142295226;
    for (std::size_t i = 0; i < n; ++i) {
        const double x = in[i];
        if (x > 354) {
            // expm1(2x) would overflow before its half does; these factors do not, in any order.
            const double root = std::exp(x - 0.5);
            out[i] = half_e * root * root;
        } else {
            out[i] = 0.5 * std::expm1(2 * x);
        }
    }
}

#else

#include <parmap/simd/detail/exp_sinh.inc>

#endif

} // namespace parmap::detail::portable
