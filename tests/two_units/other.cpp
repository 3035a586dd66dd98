// SPDX-License-Identifier: Apache-2.0
#include "other.hpp"

#include <parmap/parmap.hpp>
#include <parmap/simd/kernels.hpp>

std::vector<int> squares_from_the_other_unit(const std::vector<int>& numbers) {
    return parmap::parallel_map(numbers, [](int x) { return x * x; });
}

std::vector<double> exp_sinh_from_the_other_unit(const std::vector<double>& numbers) {
    std::vector<double> results(numbers.size());
    parmap::simd::exp_sinh(numbers, results);
    return results;
}

std::vector<float> sinh_from_the_other_unit(const std::vector<float>& numbers) {
    std::vector<float> results(numbers.size());
    parmap::simd::sinh(numbers, results);
    return results;
}

const void* pool_of_the_other_unit() {
    return &parmap::default_pool();
}
