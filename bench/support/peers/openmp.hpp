// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <tuple>

namespace bench {

struct openmp_static {
    static constexpr const char* name = "openmp_static";
    static constexpr bool nests = true; // an inner map runs on its caller alone

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
#pragma omp parallel for schedule(static)
        for (std::size_t i = 0; i < n; ++i)
            out[i] = f(in[i]);
    }

    template <class A, class B>
    static void fork(const A& a, const B& b) {
#pragma omp task default(shared)
        a();
        b();
#pragma omp taskwait
    }

    /// Tasks need a team around them.
    template <class F>
    static void spawn_from(const F& root) {
#pragma omp parallel
#pragma omp single
        root();
    }
};

/// One item at a time, which pays for items of unequal cost only.
struct openmp_dynamic {
    static constexpr const char* name = "openmp_dynamic";
    static constexpr bool irregular_only = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
#pragma omp parallel for schedule(dynamic, 1)
        for (std::size_t i = 0; i < n; ++i)
            out[i] = f(in[i]);
    }
};

using contestants = std::tuple<openmp_static, openmp_dynamic>;

} // namespace bench
