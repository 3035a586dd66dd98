// SPDX-License-Identifier: Apache-2.0
// What no kernel beats where memory is the limit: one multiplication, plain stores.
#include "../contestant.hpp"

namespace kernels_bench {
namespace {

template <class T>
void scale(std::span<const T> in, std::span<T> out) {
    const T* x = in.data();
    T* y = out.data();
    for (std::size_t i = 0; i < in.size(); ++i)
        y[i] = T(1.5) * x[i];
}

const enrolled loop([](contest& all) {
    all.doubles.push_back({"a loop", "1.5 * x", scale<double>, false});
    all.floats.push_back({"a loop", "1.5 * x", scale<float>, false});
});

} // namespace
} // namespace kernels_bench
