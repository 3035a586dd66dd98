// SPDX-License-Identifier: Apache-2.0
// The first call of a program, on two items of 10 ms, over one item's time. Each sample is a
// process of its own.
#include "support/enrolment.hpp"
#include "support/items.hpp"
#include "support/paired.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdio>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

constexpr double item_ns = 10e6;

struct first_call {
    double call_ns, item_ns;
};

first_call run_program(const std::string& command) {
    std::FILE* const output = popen(command.c_str(), "r");
    if (output == nullptr)
        throw std::runtime_error("cannot start " + command);
    char name[64];
    first_call seen{};
    const int fields = std::fscanf(output, "%63s %lf %lf", name, &seen.call_ns, &seen.item_ns);
    if (pclose(output) != 0 || fields != 3)
        throw std::runtime_error(command + " failed");
    return seen;
}

void run(benchmark::State& state, const std::string& program, std::size_t processes) {
    const double steps = item_ns / bench::heavy_ns * bench::steps_in(bench::heavy_ns);
    const std::string command = program + " " + std::to_string(static_cast<unsigned long>(steps));
    for ([[maybe_unused]] auto iteration : state) {
        std::vector<double> calls, items, ratios;
        for (std::size_t i = 0; i < processes; ++i) {
            const first_call seen = run_program(command);
            calls.push_back(seen.call_ns);
            items.push_back(seen.item_ns);
            ratios.push_back(seen.call_ns / seen.item_ns);
        }
        state.SetIterationTime(bench::quantile(calls, 0.5) * 1e-9);
        state.counters["over_item"] = bench::quantile(ratios, 0.5);
        state.counters["over_item_p90"] = bench::quantile(ratios, 0.9);
        state.counters["item_ns"] = bench::quantile(items, 0.5);
        state.counters["rounds"] = static_cast<double>(processes);
    }
}

const bench::enrolment all([](const bench::effort& e) {
    std::istringstream peers(BENCH_PEERS);
    for (std::string peer; peers >> peer;) {
        const std::string program = BENCH_FIRST_CALL + peer;
        bench::add_benchmark("first_call/" + peer, benchmark::kMillisecond,
                             [program, e](benchmark::State& state) {
                                 run(state, "'" + program + "'", e.cold_rounds);
                             });
    }
});

} // namespace
