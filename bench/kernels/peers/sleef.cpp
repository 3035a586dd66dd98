// SPDX-License-Identifier: Apache-2.0
// The functions within 1 ULP.
#include "../contestant.hpp"

#include <immintrin.h>
#include <sleef.h>

namespace kernels_bench {
namespace {

#if defined(__AVX512F__)
struct f64 {
    using vec = __m512d;
    static constexpr std::size_t width = 8;
    static vec load(const double* x) { return _mm512_loadu_pd(x); }
    static void store(double* y, vec v) { _mm512_storeu_pd(y, v); }
    static vec exp(vec v) { return Sleef_expd8_u10(v); }
    static vec sinh(vec v) { return Sleef_sinhd8_u10(v); }
    static vec expm1(vec v) { return Sleef_expm1d8_u10(v); }
};
#else
struct f64 {
    using vec = __m256d;
    static constexpr std::size_t width = 4;
    static vec load(const double* x) { return _mm256_loadu_pd(x); }
    static void store(double* y, vec v) { _mm256_storeu_pd(y, v); }
    static vec exp(vec v) { return Sleef_expd4_u10(v); }
    static vec sinh(vec v) { return Sleef_sinhd4_u10(v); }
    static vec expm1(vec v) { return Sleef_expm1d4_u10(v); }
};
#endif

#if defined(__AVX512F__)
struct f32 {
    using vec = __m512;
    static constexpr std::size_t width = 16;
    static vec load(const float* x) { return _mm512_loadu_ps(x); }
    static void store(float* y, vec v) { _mm512_storeu_ps(y, v); }
    static vec exp(vec v) { return Sleef_expf16_u10(v); }
    static vec sinh(vec v) { return Sleef_sinhf16_u10(v); }
    static vec expm1(vec v) { return Sleef_expm1f16_u10(v); }
};
#else
struct f32 {
    using vec = __m256;
    static constexpr std::size_t width = 8;
    static vec load(const float* x) { return _mm256_loadu_ps(x); }
    static void store(float* y, vec v) { _mm256_storeu_ps(y, v); }
    static vec exp(vec v) { return Sleef_expf8_u10(v); }
    static vec sinh(vec v) { return Sleef_sinhf8_u10(v); }
    static vec expm1(vec v) { return Sleef_expm1f8_u10(v); }
};
#endif

const enrolled sleef([](contest& all) {
    add_vector_functions<f64>(all.doubles, "SLEEF");
    add_vector_functions<f32>(all.floats, "SLEEF");
});

} // namespace
} // namespace kernels_bench
