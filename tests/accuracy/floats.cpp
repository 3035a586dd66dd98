// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <parmap/algorithm/reduce.hpp>
#include <parmap/core/indices.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace accuracy {
namespace {

using namespace parmap_tests;

constexpr std::size_t batch = 1 << 14;

/// In ULP of the float nearest to `truth`.
double error_of(float y, double truth) {
    const auto nearest = static_cast<float>(truth);
    const auto bits = std::bit_cast<std::uint32_t>(nearest);
    const auto field = (bits >> 23) & 255;
    if (field == 255 || !std::isfinite(y))
        return y == nearest || (y != y && nearest != nearest) ? 0 : HUGE_VAL;
    const auto scale = 1023 + 150 - std::uint64_t{std::max(field, 1U)};
    return std::fabs(static_cast<double>(y) - truth) * std::bit_cast<double>(scale << 52);
}

double worst_of(const std::vector<float>& y, const std::vector<double>& truths) {
    double worst = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        worst = std::max(worst, error_of(y[i], truths[i]));
    return worst;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof a[0]) == 0;
}

worst_errors measure_batch(std::size_t first, std::size_t stride,
                           const std::vector<kernel_table>& kernels) {
    std::vector<float> x(batch), y(batch);
    for (std::size_t i = 0; i < batch; ++i)
        x[i] = std::bit_cast<float>(static_cast<std::uint32_t>((first + i) * stride));
    const std::vector<double> wide(x.begin(), x.end());
    std::vector<double> truths(batch);
    worst_errors worst(kernels.size());
    for (std::size_t f = 0; f < functions; ++f) {
        const auto name = all_names[f];
        const auto exact = name == kernel_name::exp_sinh_fast ? kernel_name::exp_sinh : name;
        apply(kernels.back(), exact, wide.data(), truths.data(), batch);
        std::vector<float> before;
        double ulp = 0;
        for (std::size_t k = 0; k < kernels.size(); ++k) {
            apply(kernels[k], name, x.data(), y.data(), batch);
            if (!same_bits(y, before)) // many instruction sets agree
                ulp = worst_of(y, truths);
            before = y;
            worst.note(k, f, ulp);
        }
    }
    return worst;
}

} // namespace

finding measure_floats(std::size_t stride) {
    const auto kernels = usable_kernels();
    const std::size_t batches = (std::size_t{1} << 32) / stride / batch;
    const auto measure = [&](std::size_t i) { return measure_batch(i * batch, stride, kernels); };
    const auto points =
        stride == 1 ? std::string("all 2^32") : "every " + std::to_string(stride) + "th of all";
    return {points, parmap::map_reduce(parmap::indices(batches), measure,
                                       worst_errors(kernels.size()), std::plus<>{})};
}

} // namespace accuracy
