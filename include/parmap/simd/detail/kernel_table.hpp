// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/simd/detail/instruction_set.hpp>

#include <cstddef>

namespace parmap::detail {

enum class kernel_name : unsigned char { exp, expm1, sinh, exp_sinh, exp_sinh_fast };

inline constexpr const char* kernel_names[] = {"exp", "expm1", "sinh", "exp_sinh", "exp_sinh_fast"};

template <class T>
using kernel = void (*)(const T* in, T* out, std::size_t n);

// One instruction set's kernels for one type, in the order of kernel_name. Plain arrays:
// unoptimised, std::array's operators are functions that units of other targets would share.
template <class T>
struct kernels_of_type {
    kernel<T> by_name[5];
};

// One instruction set's kernels.
struct kernel_table {
    instruction_set set;
    kernels_of_type<double> f64;
    kernels_of_type<float> f32;
};

} // namespace parmap::detail
