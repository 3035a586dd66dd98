// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/simd/detail/exponential_constants.hpp>
#include <parmap/simd/detail/kernel_table.hpp>

#include <cfloat>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace parmap::detail::portable {

// One number. No std::fma: without the instruction it is a slow library call. Products that must be
// exact are exact without it, and sums are no worse where the compiler contracts them.
template <class Scalar, class Bits, class Constants>
struct single {
    using scalar = Scalar;
    using vec = Scalar;
    using mask = bool;
    using constants = Constants;
    static constexpr std::size_t width = 1;
    static constexpr bool fused = false;
    static constexpr bool one_loop = false;

    [[gnu::always_inline]] static vec load(const scalar* from) { return *from; }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { *to = a; }
    [[gnu::always_inline]] static vec set(scalar a) { return a; }

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
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) { return m ? yes : no; }
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return of_bits(bits(a) | (bits(s) & sign));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return of_bits(bits(a) << (sizeof(Scalar) == 4 ? 23 : 52));
    }

private:
    static constexpr Bits sign = Bits{1} << (8 * sizeof(Bits) - 1);

    // Not std::bit_cast: unoptimised, it is a function that units of other targets would share.
    [[gnu::always_inline]] static Bits bits(Scalar a) {
        Bits b = 0;
        std::memcpy(&b, &a, sizeof b);
        return b;
    }
    [[gnu::always_inline]] static Scalar of_bits(Bits a) {
        Scalar b = 0;
        std::memcpy(&b, &a, sizeof b);
        return b;
    }
};

using f64 = single<double, std::uint64_t, exponential_f64>;
using f32 = single<float, std::uint32_t, exponential_f32>;

#if defined(__FAST_MATH__) || FLT_EVAL_METHOD == 1 || FLT_EVAL_METHOD == 2 || FLT_EVAL_METHOD < 0

// Where sums may be reordered or are held in wider registers, what a sum rounds away cannot be
// kept; the mathematical library was built without such liberties.
template <std::uint64_t Build, class T>
void library_exp(const T* in, T* out, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = std::exp(in[i]);
}

template <std::uint64_t Build, class T>
void library_expm1(const T* in, T* out, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = std::expm1(in[i]);
}

template <std::uint64_t Build, class T>
void library_sinh(const T* in, T* out, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] = std::sinh(in[i]);
}

template <std::uint64_t Build, class T>
void library_exp_sinh(const T* in, T* out, std::size_t n) {
    constexpr T half_e = T(1.3591409142295226);
    constexpr T large = sizeof(T) == 4 ? T(43) : T(354);
    for (std::size_t i = 0; i < n; ++i) {
        const T x = in[i];
        if (x > large) {
            // expm1(2x) would overflow before its half does; these factors do not, in any order.
            const T root = std::exp(x - T(0.5));
            out[i] = half_e * root * root;
        } else {
            out[i] = T(0.5) * std::expm1(2 * x);
        }
    }
}

template <std::uint64_t Build, class V>
kernels_of_type<typename V::scalar> all_kernels() {
    using scalar = typename V::scalar;
    return {{&library_exp<Build, scalar>, &library_expm1<Build, scalar>,
             &library_sinh<Build, scalar>, &library_exp_sinh<Build, scalar>,
             &library_exp_sinh<Build, scalar>}};
}

#else

#include <parmap/simd/detail/exponentials.inc>

#endif

} // namespace parmap::detail::portable
