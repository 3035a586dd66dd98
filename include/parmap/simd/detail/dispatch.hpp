// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/simd/detail/avx2.hpp>
#include <parmap/simd/detail/instruction_set.hpp>
#include <parmap/simd/detail/portable.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace parmap::detail {

// One instruction set's kernels.
struct kernel_table {
    instruction_set set;
    void (*exp_sinh_f64)(const double* in, double* out, std::size_t n);
};

template <std::uint64_t Build>
kernel_table kernels_of(instruction_set set) {
#if defined(__x86_64__) && defined(__GNUC__)
    if (set == instruction_set::avx2)
        return {set, &avx2::exp_sinh<Build, avx2::f64>};
#endif
    return {set, &portable::exp_sinh<Build, portable::f64>};
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

} // namespace parmap::detail
