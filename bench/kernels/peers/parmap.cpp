// SPDX-License-Identifier: Apache-2.0
#include "../contestant.hpp"

#include <parmap/simd/kernels.hpp>

namespace kernels_bench {
namespace {

const enrolled parmap_plain([](contest& all) {
    all.doubles.push_back({"parmap", "exp_sinh", parmap::simd::exp_sinh});
    all.doubles.push_back({"parmap", "exp_sinh_fast", parmap::simd::exp_sinh_fast});
    all.floats.push_back({"parmap", "exp_sinh", parmap::simd::exp_sinh});
    all.floats.push_back({"parmap", "exp_sinh_fast", parmap::simd::exp_sinh_fast});
});

} // namespace
} // namespace kernels_bench
