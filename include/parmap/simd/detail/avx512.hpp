// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)

#include <parmap/simd/detail/exponential_constants.hpp>
#include <parmap/simd/detail/kernel_table.hpp>

#include <cstddef>
#include <cstdint>
#include <immintrin.h>

// All between push and pop is compiled for AVX-512, whatever the unit is compiled for.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f")
#endif

namespace parmap::detail::avx512 {

// Eight doubles. Always inlined, so that no vector crosses a call.
struct f64 {
    using scalar = double;
    using vec = __m512d;
    using mask = __mmask8;
    using constants = exponential_f64;
    static constexpr std::size_t width = 8;
    static constexpr bool fused = true;
    static constexpr bool one_loop = true;

    [[gnu::always_inline]] static vec load(const scalar* from) { return _mm512_loadu_pd(from); }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { _mm512_storeu_pd(to, a); }
    [[gnu::always_inline]] static vec set(scalar a) { return _mm512_set1_pd(a); }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return _mm512_add_pd(a, b); }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return _mm512_sub_pd(a, b); }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return _mm512_mul_pd(a, b); }
    // a * b + c
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return _mm512_fmadd_pd(a, b, c); }
    // c - a * b
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) {
        return _mm512_fnmadd_pd(a, b, c);
    }
    [[gnu::always_inline]] static vec min(vec a, vec b) { return _mm512_maskz_min_pd(all, a, b); }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return _mm512_maskz_max_pd(all, a, b); }
    [[gnu::always_inline]] static vec abs(vec a) { return _mm512_abs_pd(a); }

    [[gnu::always_inline]] static mask less(vec a, vec b) {
        return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ);
    }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return _mm512_mask_blend_pd(m, no, yes);
    }
    // a, which is not negative, with the sign of s
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        const auto sign = _mm512_and_si512(_mm512_castpd_si512(s), _mm512_castpd_si512(set(-0.0)));
        return _mm512_castsi512_pd(_mm512_or_si512(_mm512_castpd_si512(a), sign));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return _mm512_castsi512_pd(_mm512_maskz_slli_epi64(all, _mm512_castpd_si512(a), 52));
    }

private:
    // g++ 12 warns of an uninitialised operand in the forms without a mask.
    static constexpr mask all = 0xff;
};

// Sixteen floats.
struct f32 {
    using scalar = float;
    using vec = __m512;
    using mask = __mmask16;
    using constants = exponential_f32;
    static constexpr std::size_t width = 16;
    static constexpr bool fused = true;
    static constexpr bool one_loop = true;

    [[gnu::always_inline]] static vec load(const scalar* from) { return _mm512_loadu_ps(from); }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { _mm512_storeu_ps(to, a); }
    [[gnu::always_inline]] static vec set(scalar a) { return _mm512_set1_ps(a); }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return _mm512_add_ps(a, b); }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
    // a * b + c
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
    // c - a * b
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) {
        return _mm512_fnmadd_ps(a, b, c);
    }
    [[gnu::always_inline]] static vec min(vec a, vec b) { return _mm512_maskz_min_ps(all, a, b); }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return _mm512_maskz_max_ps(all, a, b); }
    [[gnu::always_inline]] static vec abs(vec a) { return _mm512_abs_ps(a); }

    [[gnu::always_inline]] static mask less(vec a, vec b) {
        return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
    }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return _mm512_mask_blend_ps(m, no, yes);
    }
    // a, which is not negative, with the sign of s
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        const auto sign = _mm512_and_si512(_mm512_castps_si512(s), _mm512_castps_si512(set(-0.0F)));
        return _mm512_castsi512_ps(_mm512_or_si512(_mm512_castps_si512(a), sign));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return _mm512_castsi512_ps(_mm512_maskz_slli_epi32(all, _mm512_castps_si512(a), 23));
    }

private:
    static constexpr mask all = 0xffff;
};

#include <parmap/simd/detail/exponentials.inc>

} // namespace parmap::detail::avx512

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#endif
