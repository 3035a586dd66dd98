// SPDX-License-Identifier: Apache-2.0
#pragma once

#if defined(__aarch64__) && defined(__ARM_NEON) && defined(__GNUC__)

#include <parmap/simd/detail/exponential_constants.hpp>
#include <parmap/simd/detail/kernel_table.hpp>

#include <arm_neon.h>
#include <cstddef>
#include <cstdint>

namespace parmap::detail::neon {

// Two doubles. Always inlined, so that no vector crosses a call.
struct f64 {
    using scalar = double;
    using vec = float64x2_t;
    using mask = uint64x2_t;
    using constants = exponential_f64;
    static constexpr std::size_t width = 2;
    static constexpr bool fused = true;
    static constexpr bool one_loop = false;

    [[gnu::always_inline]] static vec load(const scalar* from) { return vld1q_f64(from); }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { vst1q_f64(to, a); }
    [[gnu::always_inline]] static vec set(scalar a) { return vdupq_n_f64(a); }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return vaddq_f64(a, b); }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return vsubq_f64(a, b); }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return vmulq_f64(a, b); }
    // a * b + c
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return vfmaq_f64(c, a, b); }
    // c - a * b
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) { return vfmsq_f64(c, a, b); }
    [[gnu::always_inline]] static vec min(vec a, vec b) { return vminq_f64(a, b); }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return vmaxq_f64(a, b); }
    [[gnu::always_inline]] static vec abs(vec a) { return vabsq_f64(a); }

    [[gnu::always_inline]] static mask less(vec a, vec b) { return vcltq_f64(a, b); }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return vbslq_f64(m, yes, no);
    }
    // a, which is not negative, with the sign of s
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return vbslq_f64(vdupq_n_u64(sign), s, a);
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return vreinterpretq_f64_u64(vshlq_n_u64(vreinterpretq_u64_f64(a), 52));
    }

private:
    static constexpr std::uint64_t sign = std::uint64_t{1} << 63;
};

// Four floats.
struct f32 {
    using scalar = float;
    using vec = float32x4_t;
    using mask = uint32x4_t;
    using constants = exponential_f32;
    static constexpr std::size_t width = 4;
    static constexpr bool fused = true;
    static constexpr bool one_loop = false;

    [[gnu::always_inline]] static vec load(const scalar* from) { return vld1q_f32(from); }
    [[gnu::always_inline]] static void store(scalar* to, vec a) { vst1q_f32(to, a); }
    [[gnu::always_inline]] static vec set(scalar a) { return vdupq_n_f32(a); }

    [[gnu::always_inline]] static vec add(vec a, vec b) { return vaddq_f32(a, b); }
    [[gnu::always_inline]] static vec sub(vec a, vec b) { return vsubq_f32(a, b); }
    [[gnu::always_inline]] static vec mul(vec a, vec b) { return vmulq_f32(a, b); }
    // a * b + c
    [[gnu::always_inline]] static vec fma(vec a, vec b, vec c) { return vfmaq_f32(c, a, b); }
    // c - a * b
    [[gnu::always_inline]] static vec fnma(vec a, vec b, vec c) { return vfmsq_f32(c, a, b); }
    [[gnu::always_inline]] static vec min(vec a, vec b) { return vminq_f32(a, b); }
    [[gnu::always_inline]] static vec max(vec a, vec b) { return vmaxq_f32(a, b); }
    [[gnu::always_inline]] static vec abs(vec a) { return vabsq_f32(a); }

    [[gnu::always_inline]] static mask less(vec a, vec b) { return vcltq_f32(a, b); }
    [[gnu::always_inline]] static vec choose(mask m, vec yes, vec no) {
        return vbslq_f32(m, yes, no);
    }
    // a, which is not negative, with the sign of s
    [[gnu::always_inline]] static vec with_sign_of(vec s, vec a) {
        return vbslq_f32(vdupq_n_u32(sign), s, a);
    }
    [[gnu::always_inline]] static vec low_bits_as_exponent(vec a) {
        return vreinterpretq_f32_u32(vshlq_n_u32(vreinterpretq_u32_f32(a), 23));
    }

private:
    static constexpr std::uint32_t sign = std::uint32_t{1} << 31;
};

#include <parmap/simd/detail/exponentials.inc>

} // namespace parmap::detail::neon

#endif
