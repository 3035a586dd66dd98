// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/simd/detail/build.hpp>
#include <parmap/simd/detail/dispatch.hpp>
#include <parmap/simd/detail/instruction_set.hpp>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
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

/// The name of the instruction set that the kernels use: "scalar" or "avx2".
///
/// It is the best that the CPU has, whatever the program was built for, unless the environment
/// variable `PARMAP_SIMD` named a lesser one when a kernel or this function was first called.
/// Threads: any, at once. Errors: `std::invalid_argument` where `PARMAP_SIMD` holds a name that is
/// unknown or not available here; the message lists those that are. An empty value counts as unset.
[[nodiscard]] inline std::string_view isa() {
    const auto set = detail::active_kernels<detail::this_build>().set;
    return detail::instruction_set_names[static_cast<std::size_t>(set)];
}

/// Writes exp(x) * sinh(x) for each x of `in` to `out`, off by at most 1 ULP.
///
/// It is computed as expm1(2x) / 2, which is the same function and differs from the literal product
/// where that fails: the product is NaN or -inf below about x = -710, where the result is -0.5, and
/// has lost digits for some way before that. NaN gives NaN, +inf +inf, -inf -0.5, +-0 +-0; the
/// result overflows only where it must, past x = 355.2379. Raises no floating-point exception but
/// inexact, unless the result overflows or x is NaN. A result does not depend on its place.
///
/// `in` and `out` may be the same, but may not overlap in part; any alignment and length will do.
/// Complexity: linear, no allocation. Threads: any, at once, on `out`s that do not overlap; the
/// call itself uses one, and `parallel_map_blocks` puts it on all cores. Errors, before anything is
/// written: `std::length_error` where the lengths differ, and those of `isa()`. Pass it on inside a
/// lambda, since a name with overloads cannot be an argument. Assumes rounding to nearest; under
/// -ffast-math the error may reach 4 ULP and NaN may be lost.
/// Source: docs/design/kernels.md.
inline void exp_sinh(std::span<const double> in, std::span<double> out) {
    if (in.size() != out.size())
        throw std::length_error("parmap::simd::exp_sinh: in has " + std::to_string(in.size()) +
                                " elements, out has " + std::to_string(out.size()));
    detail::active_kernels<detail::this_build>().exp_sinh_f64(in.data(), out.data(), in.size());
}

} // inline namespace
} // inline namespace

} // namespace parmap::simd
