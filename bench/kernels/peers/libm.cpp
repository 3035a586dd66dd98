// SPDX-License-Identifier: Apache-2.0
#include "../contestant.hpp"

#include <cmath>

namespace kernels_bench {
namespace {

template <class T>
void product(std::span<const T> in, std::span<T> out) {
    for (std::size_t i = 0; i < in.size(); ++i)
        out[i] = std::exp(in[i]) * std::sinh(in[i]);
}

template <class T>
void half(std::span<const T> in, std::span<T> out) {
    for (std::size_t i = 0; i < in.size(); ++i)
        out[i] = T(0.5) * std::expm1(2 * in[i]);
}

const enrolled libm([](contest& all) {
    all.doubles.push_back({"libm", "exp(x) * sinh(x)", product<double>});
    all.doubles.push_back({"libm", "expm1(2x) / 2", half<double>});
    all.floats.push_back({"libm", "exp(x) * sinh(x)", product<float>});
    all.floats.push_back({"libm", "expm1(2x) / 2", half<float>});
});

} // namespace
} // namespace kernels_bench
