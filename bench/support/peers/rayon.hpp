// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/items.hpp"

#include <concepts>
#include <cstddef>
#include <tuple>

extern "C" {
void bench_rayon_square(const double* input, double* output, std::size_t n);
void bench_rayon_for_each(std::size_t n, void (*f)(void*, std::size_t), void* context);
void bench_rayon_join(void (*a)(void*), void* context_of_a, void (*b)(void*), void* context_of_b);
}

namespace bench {

/// The cheap body is compiled by Rust; the others, of 64 ns and more, are called through a pointer.
struct rayon_par {
    static constexpr const char* name = "rayon";
    static constexpr bool nests = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        if constexpr (std::same_as<F, cheap>) {
            bench_rayon_square(in, out, n);
        } else {
            auto item = [=](std::size_t i) { out[i] = f(in[i]); };
            bench_rayon_for_each(n, &call_item<decltype(item)>, &item);
        }
    }

    template <class A, class B>
    static void fork(A a, B b) {
        bench_rayon_join(&call<A>, &a, &call<B>, &b);
    }

private:
    template <class F>
    static void call(void* f) {
        (*static_cast<F*>(f))();
    }

    template <class F>
    static void call_item(void* f, std::size_t i) {
        (*static_cast<F*>(f))(i);
    }
};

using contestants = std::tuple<rayon_par>;

} // namespace bench
