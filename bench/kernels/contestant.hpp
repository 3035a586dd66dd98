// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace kernels_bench {

/// One way to compute exp(x) * sinh(x).
template <class T>
struct contestant {
    std::string who, how;
    std::function<void(std::span<const T>, std::span<T>)> apply;
    bool right = true; // false: computes something else, for comparison
};

struct contest {
    std::vector<contestant<double>> doubles;
    std::vector<contestant<float>> floats;
};

/// A file of peers/ holds one of these at namespace scope and so takes part.
class enrolled {
public:
    explicit enrolled(void (*add)(contest&));
};

/// All that are linked in, parmap first.
contest everyone();

/// Fills `out` with what `vector` makes of each vector V of `in`; what is left over goes through a
/// buffer. For libraries that have functions of one vector and nothing else.
template <class V, class T, class Vector>
void by_vectors(std::span<const T> in, std::span<T> out, Vector vector) {
    std::size_t i = 0;
    for (; i + V::width <= in.size(); i += V::width)
        V::store(out.data() + i, vector(V::load(in.data() + i)));
    if (i == in.size())
        return;
    T rest[V::width] = {};
    for (std::size_t j = i; j < in.size(); ++j)
        rest[j - i] = in[j];
    V::store(rest, vector(V::load(rest)));
    for (std::size_t j = i; j < in.size(); ++j)
        out[j] = rest[j - i];
}

/// Both ways to the function by a library's exp, sinh and expm1 for vectors V.
template <class V, class T>
void add_vector_functions(std::vector<contestant<T>>& all, const char* who) {
    all.push_back({who, "exp(x) * sinh(x)", [](std::span<const T> in, std::span<T> out) {
                       by_vectors<V>(in, out,
                                     [](typename V::vec x) { return V::exp(x) * V::sinh(x); });
                   }});
    all.push_back({who, "expm1(2x) / 2", [](std::span<const T> in, std::span<T> out) {
                       by_vectors<V>(in, out,
                                     [](typename V::vec x) { return V::expm1(x + x) * T(0.5); });
                   }});
}

} // namespace kernels_bench
