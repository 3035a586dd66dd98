// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)

#include <parmap/simd/detail/expm1_constants.hpp>

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

// All between push and pop is compiled for AVX2 and FMA, whatever the unit is compiled for.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif

namespace parmap::detail::avx2 {

// Four doubles. Always inlined, so that no vector crosses a call.
struct f64 {
    using vec = __m256d;
    using mask = __m256d;
    static constexpr std::size_t width = 4;

    [[gnu::always_inline]] static vec load(const double* from) { return _mm256_loadu_pd(from); }
    [[gnu::always_inline]] static void store(double* to, vec a) { _mm256_storeu_pd(to, a); }
    [[gnu::always_inline]] static vec set(double a) { return _mm256_set1_pd(a); }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return _mm256_add_pd(a, b); }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return _mm256_sub_pd(a, b); }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return _mm256_mul_pd(a, b); }
    // a * b + c
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return _mm256_fmadd_pd(a, b, c); }
    // c - a * b
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) {
        return _mm256_fnmadd_pd(a, b, c);
    }
    [[gnu::always_inline]] static vec min(vec a, vec b) { return _mm256_min_pd(a, b); }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return _mm256_max_pd(a, b); }
    [[gnu::always_inline]] static vec abs(vec a) { return _mm256_andnot_pd(set(-0.0), a); }

    [[gnu::always_inline]] static mask less(vec a, vec b) {
        return _mm256_cmp_pd(a, b, _CMP_LT_OQ);
    }
    // 0 where m holds, else a
    [[gnu::always_inline]] static vec clear(mask m, vec a) { return _mm256_andnot_pd(m, a); }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return _mm256_blendv_pd(no, yes, m);
    }
    // a with the sign of s, for a that is not negative where s is positive
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return _mm256_or_pd(a, _mm256_and_pd(s, set(-0.0)));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(a), 52));
    }
};

#include <parmap/simd/detail/exp_sinh.inc>

} // namespace parmap::detail::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
