// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__x86_64__) && defined(__GNUC__)

#include <parmap/simd/detail/exponential_constants.hpp>
#include <parmap/simd/detail/kernel_table.hpp>

#include <cstddef>
#include <cstdint>
#include <emmintrin.h>

// Every x86-64 CPU has these. They have no fused multiply and add: products that must be exact are
// exact without it.
namespace parmap::detail::sse2 {

// Two doubles. Always inlined, so that no vector crosses a call.
struct f64 {
    using scalar = double;
    using vec = __m128d;
    using mask = __m128d;
    using constants = exponential_f64;
    static constexpr std::size_t width = 2;
    static constexpr bool fused = false;
    static constexpr bool one_loop = false;

    [[gnu::always_inline]] static vec load(const scalar* from) { return _mm_loadu_pd(from); }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { _mm_storeu_pd(to, a); }
    [[gnu::always_inline]] static vec set(scalar a) { return _mm_set1_pd(a); }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return _mm_add_pd(a, b); }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return _mm_sub_pd(a, b); }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return _mm_mul_pd(a, b); }
    // a * b + c
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return add(mul(a, b), c); }
    // c - a * b
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) { return sub(c, mul(a, b)); }
    [[gnu::always_inline]] static vec min(vec a, vec b) { return _mm_min_pd(a, b); }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return _mm_max_pd(a, b); }
    [[gnu::always_inline]] static vec abs(vec a) { return _mm_andnot_pd(set(-0.0), a); }

    [[gnu::always_inline]] static mask less(vec a, vec b) { return _mm_cmplt_pd(a, b); }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return _mm_or_pd(_mm_and_pd(m, yes), _mm_andnot_pd(m, no));
    }
    // a, which is not negative, with the sign of s
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return _mm_or_pd(a, _mm_and_pd(s, set(-0.0)));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return _mm_castsi128_pd(_mm_slli_epi64(_mm_castpd_si128(a), 52));
    }
};

// Four floats.
struct f32 {
    using scalar = float;
    using vec = __m128;
    using mask = __m128;
    using constants = exponential_f32;
    static constexpr std::size_t width = 4;
    static constexpr bool fused = false;
    static constexpr bool one_loop = false;

    [[gnu::always_inline]] static vec load(const scalar* from) { return _mm_loadu_ps(from); }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { _mm_storeu_ps(to, a); }
    [[gnu::always_inline]] static vec set(scalar a) { return _mm_set1_ps(a); }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return _mm_add_ps(a, b); }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return _mm_sub_ps(a, b); }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return _mm_mul_ps(a, b); }
    // a * b + c
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return add(mul(a, b), c); }
    // c - a * b
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) { return sub(c, mul(a, b)); }
    [[gnu::always_inline]] static vec min(vec a, vec b) { return _mm_min_ps(a, b); }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return _mm_max_ps(a, b); }
    [[gnu::always_inline]] static vec abs(vec a) { return _mm_andnot_ps(set(-0.0F), a); }

    [[gnu::always_inline]] static mask less(vec a, vec b) { return _mm_cmplt_ps(a, b); }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return _mm_or_ps(_mm_and_ps(m, yes), _mm_andnot_ps(m, no));
    }
    // a, which is not negative, with the sign of s
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return _mm_or_ps(a, _mm_and_ps(s, set(-0.0F)));
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return _mm_castsi128_ps(_mm_slli_epi32(_mm_castps_si128(a), 23));
    }
};

#include <parmap/simd/detail/exponentials.inc>

} // namespace parmap::detail::sse2

#endif
