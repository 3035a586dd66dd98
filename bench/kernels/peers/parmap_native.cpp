// SPDX-License-Identifier: Apache-2.0
#include "../contestant.hpp"

#include <parmap/simd/kernels.hpp>

namespace kernels_bench {
namespace {

const enrolled parmap_native([](contest& all) {
    all.doubles.push_back({"parmap", "exp_sinh, -O3 -march=native", parmap::simd::exp_sinh});
    all.floats.push_back({"parmap", "exp_sinh, -O3 -march=native", parmap::simd::exp_sinh});
});

} // namespace
} // namespace kernels_bench
