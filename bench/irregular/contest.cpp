// SPDX-License-Identifier: Apache-2.0
// Maps whose items cost unequally: their time over the least that so many threads could need.
// Compiled once for each peer.
#include "costs.hpp"
#include "support/enrolment.hpp"
#include "support/items.hpp"
#include "support/paired.hpp"

#include BENCH_PEER

#include <parmap/runtime/concurrency.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace {

struct uneven {
    double operator()(unsigned steps) const { return bench::work(1.5, steps); }
};

template <class Who>
concept maps_uneven = requires(const unsigned* in, double* out) { Who::map(in, 1, out, uneven()); };

template <class Run>
double checksum_of(std::vector<double>& out, const Run& run) {
    std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
    run();
    double sum = 0;
    for (std::size_t i = 0; i < out.size(); ++i)
        sum += out[i] * static_cast<double>(1 + i % 7);
    return sum;
}

void report_ideal(benchmark::State& state, const std::vector<unsigned>& steps) {
    const auto threads = static_cast<double>(parmap::available_concurrency());
    const double share = irregular::ideal_share(steps, threads);
    state.counters["over_ideal"] = state.counters["ratio"] / share;
    state.counters["over_ideal_p90"] = state.counters["ratio_p90"] / share;
}

template <class Who>
void run(benchmark::State& state, const std::vector<unsigned>& steps, const bench::effort& e) {
    std::vector<double> out(steps.size());
    const unsigned* const in = steps.data();
    const auto loop = [in, n = steps.size(), to = out.data()] {
        for (std::size_t i = 0; i < n; ++i)
            to[i] = uneven()(in[i]);
    };
    const auto call = [in, n = steps.size(), to = out.data()] { Who::map(in, n, to, uneven()); };
    const double expected = checksum_of(out, loop);
    if (!bench::require_same(state, expected, checksum_of(out, call)))
        return;
    bench::measure(state, {bench::temperature::hot, e}, loop, call);
    report_ideal(state, steps);
    bench::require_same(state, expected, checksum_of(out, call));
}

const bench::enrolment all([](const bench::effort& e) {
    static const double total_ns = e.quick ? 20e6 : 250e6;
    static const double steps_a_ns = bench::steps_in(bench::heavy_ns) / bench::heavy_ns;
    for (const auto& spread : irregular::distributions(total_ns * steps_a_ns)) {
        bench::for_each_type<bench::contestants>([&]<class Who>() {
            if constexpr (maps_uneven<Who>) {
                bench::add_benchmark(spread.name + "/" + Who::name, benchmark::kMillisecond,
                                     [steps = spread.steps, e](benchmark::State& state) {
                                         run<Who>(state, steps, e);
                                     });
            }
        });
    }
});

} // namespace
