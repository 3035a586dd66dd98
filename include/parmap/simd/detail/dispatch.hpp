// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/simd/detail/avx2.hpp>
#include <parmap/simd/detail/avx512.hpp>
#include <parmap/simd/detail/instruction_set.hpp>
#include <parmap/simd/detail/kernel_table.hpp>
#include <parmap/simd/detail/neon.hpp>
#include <parmap/simd/detail/portable.hpp>
#include <parmap/simd/detail/sse2.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace parmap::detail {

template <std::uint64_t Build>
kernel_table kernels_of(instruction_set set) {
#if defined(__x86_64__) && defined(__GNUC__)
    if (set == instruction_set::avx512)
        return {set, avx512::all_kernels<Build, avx512::f64>(),
                avx512::all_kernels<Build, avx512::f32>()};
    if (set == instruction_set::avx2)
        return {set, avx2::all_kernels<Build, avx2::f64>(), avx2::all_kernels<Build, avx2::f32>()};
    if (set == instruction_set::sse2)
        return {set, sse2::all_kernels<Build, sse2::f64>(), sse2::all_kernels<Build, sse2::f32>()};
#elif defined(__aarch64__) && defined(__ARM_NEON) && defined(__GNUC__)
    if (set == instruction_set::neon)
        return {set, neon::all_kernels<Build, neon::f64>(), neon::all_kernels<Build, neon::f32>()};
#endif
    return {set, portable::all_kernels<Build, portable::f64>(),
            portable::all_kernels<Build, portable::f32>()};
}

// Chosen at the first call, for the life of the program; a refused PARMAP_SIMD is refused each
// time.
template <std::uint64_t Build>
const kernel_table& active_kernels() {
    static const kernel_table active = kernels_of<Build>(
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody may change the environment meanwhile.
        choose_instruction_set<Build>(detect_cpu<Build>(), std::getenv("PARMAP_SIMD")));
    return active;
}

template <std::uint64_t Build, class T>
kernel<T> active_kernel(kernel_name name) {
    const kernel_table& active = active_kernels<Build>();
    const auto place = static_cast<std::size_t>(name);
    if constexpr (sizeof(T) == sizeof(double))
        return active.f64.by_name[place];
    else
        return active.f32.by_name[place];
}

template <std::uint64_t Build>
[[noreturn]] void refuse_lengths(kernel_name name, std::size_t in, std::size_t out) {
    throw std::length_error(std::string("parmap::simd::") +
                            kernel_names[static_cast<std::size_t>(name)] + ": in has " +
                            std::to_string(in) + " elements, out has " + std::to_string(out));
}

} // namespace parmap::detail
