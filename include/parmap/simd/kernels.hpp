// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/simd/detail/build.hpp>
#include <parmap/simd/detail/dispatch.hpp>
#include <parmap/simd/detail/instruction_set.hpp>
#include <parmap/simd/detail/kernel_table.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace parmap::simd {

// The names are part of the symbols, for the reason that build.hpp tells: a program may link units
// built for several machines, and each must keep its own copy.
#if defined(__FAST_MATH__)
inline namespace fast_math {
#else
inline namespace strict_math {
#endif
#if defined(__AVX512F__)
inline namespace built_with_avx512 {
#elif defined(__AVX2__)
inline namespace built_with_avx2 {
#elif defined(__AVX__)
inline namespace built_with_avx {
#elif defined(__SSE4_1__)
inline namespace built_with_sse4 {
#else
inline namespace built_plain {
#endif

/// The name of the instruction set that the kernels use: "scalar", "sse2", "avx2", "avx512" or
/// "neon".
///
/// It is the best that the CPU has, whatever the program was built for, unless the environment
/// variable `PARMAP_SIMD` named a lesser one when a kernel or this function was first called.
/// Threads: any, at once. Errors: `std::invalid_argument` where `PARMAP_SIMD` holds a name that is
/// unknown or not available here; the message lists those that are. An empty value counts as unset.
[[nodiscard]] inline std::string_view isa() {
    const auto set = detail::active_kernels<detail::this_build>().set;
    return detail::instruction_set_names[static_cast<std::size_t>(set)];
}

/// A vectorised function, to be called as `f(in, out)`: writes f(x) for each x of `in` to `out`.
///
/// `in` and `out` are contiguous ranges of `double` or of `float`, vectors for example. They may be
/// the same, but may not overlap in part; any alignment and length will do. A result does not
/// depend on its place or its neighbours, and differs between instruction sets, within the bound.
/// Complexity: linear, no allocation. Threads: any, at once, on `out`s that do not overlap; the
/// call itself uses one, and `parallel_map_blocks(in, out, f)` puts it on all cores. Errors, before
/// anything is written: `std::length_error` where the lengths differ, and those of `isa()`.
///
/// NaN gives NaN, and zero keeps its sign where it is the result. No floating-point exception is
/// raised but inexact, unless the result overflows or is subnormal, or x is infinite, NaN or itself
/// near the subnormals. Assumes rounding to nearest and subnormals that are not flushed to zero;
/// under -ffast-math the error may reach 4 ULP and NaN may be lost.
/// Errors, measured against MPFR: docs/kernels-accuracy.md. Source: docs/design/kernels.md.
template <detail::kernel_name Name>
class vector_function {
public:
    /// Writes f(x) for each x of `in` to `out`.
    void operator()(std::span<const double> in, std::span<double> out) const { apply(in, out); }
    /// The same in single precision.
    void operator()(std::span<const float> in, std::span<float> out) const { apply(in, out); }

private:
    template <class T>
    static void apply(std::span<const T> in, std::span<T> out) {
        if (in.size() != out.size())
            detail::refuse_lengths<detail::this_build>(Name, in.size(), out.size());
        const auto f = detail::active_kernel<detail::this_build, T>(Name);
        f(in.data(), out.data(), in.size());
    }
};

/// exp(x), off by less than 1 ULP, subnormal results included.
inline constexpr vector_function<detail::kernel_name::exp> exp{};

/// exp(x) - 1, off by less than 1 ULP.
inline constexpr vector_function<detail::kernel_name::expm1> expm1{};

/// sinh(x), off by less than 1 ULP. It overflows only where it must, past |x| = 710.4758.
inline constexpr vector_function<detail::kernel_name::sinh> sinh{};

/// exp(x) * sinh(x), off by less than 1 ULP.
///
/// It is computed as expm1(2x) / 2, which is the same function and differs from the literal product
/// where that fails: the product is NaN or -inf below about x = -710, where the result is -0.5, and
/// has lost digits for some way before that. +inf gives +inf, -inf -0.5 (the limit), +-0 +-0; the
/// result overflows only where it must, past x = 355.2379.
inline constexpr vector_function<detail::kernel_name::exp_sinh> exp_sinh{};

/// exp(x) * sinh(x) as `exp_sinh` has it, faster and off by up to 2 ULP.
inline constexpr vector_function<detail::kernel_name::exp_sinh_fast> exp_sinh_fast{};

} // inline namespace
} // inline namespace

} // namespace parmap::simd
