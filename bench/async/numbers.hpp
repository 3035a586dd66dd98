// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/paired.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <future>
#include <utility>

namespace futures {

/// What a task does: as good as nothing, but that it was done shows.
struct number {
    std::size_t i;
    std::size_t operator()() const { return i; }
};

/// A std::future, and no other thread.
struct on_this_thread {
    template <class F>
    static std::future<std::size_t> submit(F f) {
        std::packaged_task<std::size_t()> task(std::move(f));
        std::future<std::size_t> result = task.get_future();
        task();
        return result;
    }
};

/// Measures two ways to the same sum. Reports what a task takes on either, and the difference.
template <class Serial, class Call>
void compare(benchmark::State& state, const bench::effort& e, std::size_t tasks,
             const Serial& serial, const Call& call) {
    const auto expected = static_cast<double>(serial());
    if (!bench::require_same(state, expected, static_cast<double>(call())))
        return;
    bench::measure(
        state, {bench::temperature::hot, e, tasks > 1}, [&] { benchmark::DoNotOptimize(serial()); },
        [&] { benchmark::DoNotOptimize(call()); });
    const auto count = static_cast<double>(tasks);
    state.counters["spawn_ns"] = state.counters["call_ns"] / count;
    state.counters["more_ns"] = (state.counters["call_ns"] - state.counters["serial_ns"]) / count;
    bench::require_same(state, expected, static_cast<double>(call()));
}

} // namespace futures
