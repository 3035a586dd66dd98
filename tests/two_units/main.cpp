// SPDX-License-Identifier: Apache-2.0
// Two translation units include the umbrella and are linked: everything in it must be inline, and
// both must agree on what there is one of, though their compiler flags differ.
#include "other.hpp"

#include <parmap/parmap.hpp>
#include <parmap/simd/kernels.hpp>

#include <cstdio>
#include <numeric>
#include <vector>

namespace {

bool agree(bool condition, const char* what) {
    if (!condition) {
        std::fprintf(stderr, "the two units differ in %s\n", what);
    }
    return condition;
}

} // namespace

int main() {
    std::vector<int> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), 0);
    const auto squares = parmap::parallel_map(numbers, [](int x) { return x * x; });

    const std::vector<double> inputs = {-5.0, -1.0, -0.0, 0.0, 0.5, 1.0, 5.0, 100.0};
    std::vector<double> outputs(inputs.size());
    parmap::simd::exp_sinh(inputs, outputs);

    const std::vector<float> singles(inputs.begin(), inputs.end());
    std::vector<float> sinhs(singles.size());
    parmap::simd::sinh(singles, sinhs);

    const bool same_squares =
        agree(squares == squares_from_the_other_unit(numbers), "parallel_map");
    const bool same_kernel =
        agree(outputs == exp_sinh_from_the_other_unit(inputs), "simd::exp_sinh") &&
        agree(sinhs == sinh_from_the_other_unit(singles), "simd::sinh");
    const bool same_pool =
        agree(&parmap::default_pool() == pool_of_the_other_unit(), "default_pool");
    return same_squares && same_kernel && same_pool ? 0 : 1;
}
