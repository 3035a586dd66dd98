// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)

#include <parmap/simd/detail/exponential_constants.hpp>
#include <parmap/simd/detail/kernel_table.hpp>

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
    using scalar = double;
    using vec = __m256d;
    using mask = __m256d;
    using constants = exponential_f64;
    static constexpr std::size_t width = 4;
    static constexpr bool fused = true;
    static constexpr bool one_loop = false;

    [[gnu::always_inline]] static vec load(const scalar* from) { return _mm256_loadu_pd(from); }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { _mm256_storeu_pd(to, a); }
    [[gnu::always_inline]] static vec set(scalar a) { return _mm256_set1_pd(a); }

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
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return _mm256_blendv_pd(no, yes, m);
    }
    // a, which is not negative, with the sign of s
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return _mm256_or_pd(a, _mm256_and_pd(s, set(-0.0)));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return _mm256_castsi256_pd(_mm256_slli_epi64(_mm256_castpd_si256(a), 52));
    }
};

// Eight floats.
struct f32 {
    using scalar = float;
    using vec = __m256;
    using mask = __m256;
    using constants = exponential_f32;
    static constexpr std::size_t width = 8;
    static constexpr bool fused = true;
    static constexpr bool one_loop = false;

    [[gnu::always_inline]] static vec load(const scalar* from) { return _mm256_loadu_ps(from); }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { _mm256_storeu_ps(to, a); }
    [[gnu::always_inline]] static vec set(scalar a) { return _mm256_set1_ps(a); }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return _mm256_add_ps(a, b); }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
    // a * b + c
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
    // c - a * b
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) {
        return _mm256_fnmadd_ps(a, b, c);
    }
    [[gnu::always_inline]] static vec min(vec a, vec b) { return _mm256_min_ps(a, b); }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return _mm256_max_ps(a, b); }
    [[gnu::always_inline]] static vec abs(vec a) { return _mm256_andnot_ps(set(-0.0F), a); }

    [[gnu::always_inline]] static mask less(vec a, vec b) {
        return _mm256_cmp_ps(a, b, _CMP_LT_OQ);
    }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return _mm256_blendv_ps(no, yes, m);
    }
    // a, which is not negative, with the sign of s
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return _mm256_or_ps(a, _mm256_and_ps(s, set(-0.0F)));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(a), 23));
    }
};

#include <parmap/simd/detail/exponentials.inc>

} // namespace parmap::detail::avx2

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
