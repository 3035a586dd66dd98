// SPDX-License-Identifier: Apache-2.0
// What a process with a pool costs that has nothing to do: from the end of a burst of calls and
// tasks on, so that what workers do before they go to sleep counts.
#include "support/enrolment.hpp"
#include "support/paired.hpp"

#include <parmap/parmap.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <ctime>
#include <thread>
#include <vector>

namespace {

std::size_t burst() {
    std::size_t sum = 0;
    for (int i = 0; i < 100; ++i) {
        auto task = parmap::submit([] { return std::size_t{1}; });
        sum += parmap::parallel_map(parmap::indices(10'000), [](std::size_t x) { return x; })[1];
        sum += task.get();
    }
    return sum;
}

void run(benchmark::State& state, std::chrono::milliseconds pause) {
    for ([[maybe_unused]] auto iteration : state) {
        const double sum = static_cast<double>(burst());
        const std::clock_t before = std::clock(); // of all threads, in the program and for it
        std::this_thread::sleep_for(pause);
        const double used = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
        const double idle = std::chrono::duration<double>(pause).count();
        state.SetIterationTime(used);
        state.counters["cpu_percent"] = 100 * used / idle;
        state.counters["idle_s"] = idle;
        bench::require_same(state, 200, sum);
    }
}

const bench::enrolment all([](const bench::effort& e) {
    const std::chrono::milliseconds pause(e.quick ? 200 : 5'000);
    bench::add_benchmark("idle/parmap", benchmark::kMicrosecond,
                         [=](benchmark::State& state) { run(state, pause); });
});

} // namespace
