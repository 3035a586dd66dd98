// SPDX-License-Identifier: Apache-2.0
// glibc's vector functions, called as the compiler calls them.
#include "../contestant.hpp"

#include <immintrin.h>

extern "C" {
#if defined(__AVX512F__)
__m512d _ZGVeN8v_exp(__m512d);
__m512d _ZGVeN8v_sinh(__m512d);
__m512d _ZGVeN8v_expm1(__m512d);
__m512 _ZGVeN16v_expf(__m512);
__m512 _ZGVeN16v_sinhf(__m512);
__m512 _ZGVeN16v_expm1f(__m512);
#else
__m256d _ZGVdN4v_exp(__m256d);
__m256d _ZGVdN4v_sinh(__m256d);
__m256d _ZGVdN4v_expm1(__m256d);
__m256 _ZGVdN8v_expf(__m256);
__m256 _ZGVdN8v_sinhf(__m256);
__m256 _ZGVdN8v_expm1f(__m256);
#endif
}

namespace kernels_bench {
namespace {

#if defined(__AVX512F__)
struct f64 {
    using vec = __m512d;
    static constexpr std::size_t width = 8;
    static vec load(const double* x) { return _mm512_loadu_pd(x); }
    static void store(double* y, vec v) { _mm512_storeu_pd(y, v); }
    static vec exp(vec v) { return _ZGVeN8v_exp(v); }
    static vec sinh(vec v) { return _ZGVeN8v_sinh(v); }
    static vec expm1(vec v) { return _ZGVeN8v_expm1(v); }
};
#else
struct f64 {
    using vec = __m256d;
    static constexpr std::size_t width = 4;
    static vec load(const double* x) { return _mm256_loadu_pd(x); }
    static void store(double* y, vec v) { _mm256_storeu_pd(y, v); }
    static vec exp(vec v) { return _ZGVdN4v_exp(v); }
    static vec sinh(vec v) { return _ZGVdN4v_sinh(v); }
    static vec expm1(vec v) { return _ZGVdN4v_expm1(v); }
};
#endif

#if defined(__AVX512F__)
struct f32 {
    using vec = __m512;
    static constexpr std::size_t width = 16;
    static vec load(const float* x) { return _mm512_loadu_ps(x); }
    static void store(float* y, vec v) { _mm512_storeu_ps(y, v); }
    static vec exp(vec v) { return _ZGVeN16v_expf(v); }
    static vec sinh(vec v) { return _ZGVeN16v_sinhf(v); }
    static vec expm1(vec v) { return _ZGVeN16v_expm1f(v); }
};
#else
struct f32 {
    using vec = __m256;
    static constexpr std::size_t width = 8;
    static vec load(const float* x) { return _mm256_loadu_ps(x); }
    static void store(float* y, vec v) { _mm256_storeu_ps(y, v); }
    static vec exp(vec v) { return _ZGVdN8v_expf(v); }
    static vec sinh(vec v) { return _ZGVdN8v_sinhf(v); }
    static vec expm1(vec v) { return _ZGVdN8v_expm1f(v); }
};
#endif

const enrolled libmvec([](contest& all) {
    add_vector_functions<f64>(all.doubles, "libmvec");
    add_vector_functions<f32>(all.floats, "libmvec");
});

} // namespace
} // namespace kernels_bench
