// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace parmap::detail {

// What the compiler itself may use in this translation unit, a bit for each group of instructions.
//
// The linker keeps one copy of an inline function. Were the copy of a unit built with -march=native
// kept, a program that chose the portable path on an older CPU would die of an illegal instruction.
// All code below simd/ therefore carries this number as a template argument, so that units built
// for different machines have different symbols. Fast math counts too: its copy computes otherwise.
constexpr std::uint64_t this_build = 0
#if defined(__SSE3__)
                                     + (std::uint64_t{1} << 0)
#endif
#if defined(__SSSE3__)
                                     + (std::uint64_t{1} << 1)
#endif
#if defined(__SSE4_1__)
                                     + (std::uint64_t{1} << 2)
#endif
#if defined(__SSE4_2__)
                                     + (std::uint64_t{1} << 3)
#endif
#if defined(__POPCNT__)
                                     + (std::uint64_t{1} << 4)
#endif
#if defined(__AVX__)
                                     + (std::uint64_t{1} << 5)
#endif
#if defined(__AVX2__)
                                     + (std::uint64_t{1} << 6)
#endif
#if defined(__FMA__)
                                     + (std::uint64_t{1} << 7)
#endif
#if defined(__BMI__) || defined(__BMI2__) || defined(__LZCNT__) || defined(__MOVBE__)
                                     + (std::uint64_t{1} << 8)
#endif
#if defined(__FMA4__) || defined(__XOP__) || defined(__TBM__)
                                     + (std::uint64_t{1} << 9)
#endif
#if defined(__AVX512F__)
                                     + (std::uint64_t{1} << 10)
#endif
#if defined(__AVX512VL__)
                                     + (std::uint64_t{1} << 11)
#endif
#if defined(__AVX512BW__) || defined(__AVX512DQ__)
                                     + (std::uint64_t{1} << 12)
#endif
#if defined(__AVX512VBMI__) || defined(__AVX512VBMI2__) || defined(__AVX512BITALG__)
                                     + (std::uint64_t{1} << 13)
#endif
#if defined(__AVX512FP16__) || defined(__AVX512BF16__) || defined(__AVXVNNI__)
                                     + (std::uint64_t{1} << 14)
#endif
#if defined(__AVX10_1__) || defined(__APX_F__)
                                     + (std::uint64_t{1} << 15)
#endif
#if defined(__ARM_FEATURE_SVE)
                                     + (std::uint64_t{1} << 16)
#endif
#if defined(__ARM_FEATURE_SVE2)
                                     + (std::uint64_t{1} << 17)
#endif
#if defined(__FAST_MATH__)
                                     + (std::uint64_t{1} << 18)
#endif
    ;

} // namespace parmap::detail
