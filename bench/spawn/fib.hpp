// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/paired.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace spawn {

template <class Who>
concept forks = requires(void (*f)()) { Who::fork(f, f); };

/// Two branches at every level down to fib(1): all spawning and no work.
template <class Who>
long fib(int n) {
    if (n < 2)
        return n;
    long left = 0;
    long right = 0;
    Who::fork([&left, n] { left = fib<Who>(n - 1); }, [&right, n] { right = fib<Who>(n - 2); });
    return left + right;
}

inline long fib_of_calls(int n) {
    return n < 2 ? n : fib_of_calls(n - 1) + fib_of_calls(n - 2);
}

template <class Who>
long fib_on_all_threads(int n) {
    long result = 0;
    const auto root = [&result, n] { result = fib<Who>(n); };
    if constexpr (requires { Who::spawn_from(root); }) {
        Who::spawn_from(root);
    } else {
        root();
    }
    return result;
}

template <class Who>
void run_fib(benchmark::State& state, int n, const bench::effort& e) {
    long result = 0;
    // A compiler that knew that n stays the same would compute a pure function of it once.
    const auto opaque = [n] {
        int of = n;
        benchmark::DoNotOptimize(of);
        return of;
    };
    const auto serial = [&result, opaque] { result = fib_of_calls(opaque()); };
    const auto call = [&result, opaque] { result = fib_on_all_threads<Who>(opaque()); };
    serial();
    const auto expected = static_cast<double>(result);
    const double spawns = static_cast<double>(fib_of_calls(n + 1)) - 1;
    benchmark::DoNotOptimize(&result);
    bench::measure(state, {bench::temperature::hot, e}, serial, call);
    state.counters["spawn_ns"] = state.counters["call_ns"] / spawns;
    result = 0;
    call();
    bench::require_same(state, expected, static_cast<double>(result));
}

template <class Who>
void add_fib(const bench::effort& e) {
    const int n = e.quick ? 20 : 27;
    bench::add_benchmark("fib/" + std::to_string(n) + "/" + Who::name, benchmark::kMillisecond,
                         [=](benchmark::State& state) { run_fib<Who>(state, n, e); });
}

} // namespace spawn
