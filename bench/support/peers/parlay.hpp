// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parlay/parallel.h>

#include <cstddef>
#include <tuple>

namespace bench {

struct parlay_for {
    static constexpr const char* name = "parlay";
    static constexpr bool nests = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        parlay::parallel_for(0, n, [=](std::size_t i) { out[i] = f(in[i]); });
    }

    template <class A, class B>
    static void fork(const A& a, const B& b) {
        parlay::par_do(a, b);
    }
};

using contestants = std::tuple<parlay_for>;

} // namespace bench
