// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/parmap.hpp>

#include <cstddef>
#include <span>
#include <tuple>
#include <vector>

namespace bench {

struct parmap_map_into {
    static constexpr const char* name = "parmap_map_into";
    static constexpr bool nests = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        parmap::parallel_map_into(std::span(in, n), std::span(out, n), f);
    }

    template <class A, class B>
    static void fork(const A& a, const B& b) {
        parmap::parallel_invoke(a, b);
    }
};

/// The same with a function pointer: bodies of all costs are of one type.
struct parmap_pointer {
    static constexpr const char* name = "parmap_pointer";
    static constexpr bool few_points = true;
    static constexpr bool takes_pointers = true;

    template <class T, class U>
    static void map(const T* in, std::size_t n, U* out, U (*f)(T)) {
        parmap::parallel_map_into(std::span(in, n), std::span(out, n), f);
    }
};

struct parmap_map {
    static constexpr const char* name = "parmap_map";
    static constexpr bool few_points = true;

    template <class T, class F>
    static auto make(const T* in, std::size_t n, const F& f) {
        return parmap::parallel_map(std::span(in, n), f);
    }
};

struct parmap_for_each {
    static constexpr const char* name = "parmap_for_each";
    static constexpr bool few_points = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        parmap::parallel_for_each(parmap::indices(n), [=](std::size_t i) { out[i] = f(in[i]); });
    }
};

using contestants = std::tuple<parmap_map_into, parmap_pointer, parmap_map, parmap_for_each>;

} // namespace bench
