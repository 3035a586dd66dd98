// SPDX-License-Identifier: Apache-2.0
#include "../contestant.hpp"

#include <Eigen/Core>

namespace kernels_bench {
namespace {

template <class T>
using numbers = Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>>;
template <class T>
using inputs = Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>>;

template <class T>
void product(std::span<const T> in, std::span<T> out) {
    const auto n = static_cast<Eigen::Index>(in.size());
    const inputs<T> x(in.data(), n);
    numbers<T>(out.data(), n) = x.exp() * x.sinh();
}

template <class T>
void half(std::span<const T> in, std::span<T> out) {
    const auto n = static_cast<Eigen::Index>(in.size());
    const inputs<T> x(in.data(), n);
    numbers<T>(out.data(), n) = T(0.5) * (T(2) * x).expm1();
}

const enrolled eigen([](contest& all) {
    all.doubles.push_back({"Eigen", "exp(x) * sinh(x)", product<double>});
    all.doubles.push_back({"Eigen", "expm1(2x) / 2", half<double>});
    all.floats.push_back({"Eigen", "exp(x) * sinh(x)", product<float>});
    all.floats.push_back({"Eigen", "expm1(2x) / 2", half<float>});
});

} // namespace
} // namespace kernels_bench
