// SPDX-License-Identifier: Apache-2.0
// imap beside parallel_map: the ratio is what a stream's results cost beside those of a map, all
// summed up by the caller. Items take 100 ns and 10 us; and how much memory a long stream takes.
#include "support/enrolment.hpp"
#include "support/items.hpp"
#include "support/paired.hpp"

#include <parmap/parmap.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#ifdef __unix__
#include <sys/resource.h>
#endif

namespace {

template <class Results>
double sum_of(Results&& results) {
    double sum = 0;
    for (const double y : results)
        sum += y;
    return sum;
}

struct contest {
    std::size_t items;
    unsigned steps;
    bench::sampling how;
    bool in_order;
    std::size_t window;
};

void run(benchmark::State& state, const contest& now) {
    const auto f = [steps = now.steps](std::size_t i) {
        return bench::work(static_cast<double>(i % 1024), steps);
    };
    const auto n = parmap::indices(now.items);
    double expected = 0;
    double checksum = 0;
    const auto map = [&] { expected = sum_of(parmap::parallel_map(n, f)); };
    const auto stream = [&] {
        checksum = now.in_order ? sum_of(parmap::imap(n, f, {.window = now.window}))
                                : sum_of(parmap::imap_unordered(n, f, {.window = now.window}));
    };
    bench::measure(state, now.how, map, stream);
    if (now.in_order) // else the sum is of another order
        bench::require_same(state, expected, checksum);
}

void add(const bench::effort& e, const std::string& item, double nanoseconds, std::size_t items) {
    const bench::sampling how{bench::temperature::hot, e, true};
    for (const bool in_order : {true, false}) {
        for (const std::size_t window : std::array<std::size_t, 2>{0, 64}) {
            const std::string name = (in_order ? "imap/" : "imap_unordered/") + item +
                                     (window == 0 ? "" : "/window:" + std::to_string(window));
            bench::add_benchmark(name, benchmark::kMillisecond, [=](benchmark::State& state) {
                run(state, {items, bench::steps_in(nanoseconds), how, in_order, window});
            });
        }
    }
}

#ifdef __unix__

double peak_kib() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_maxrss);
}

// Results of 1 KiB, of which all together would take `items` KiB.
void measure_memory(benchmark::State& state, std::size_t items) {
    using block = std::array<char, 1024>;
    for ([[maybe_unused]] auto iteration : state) {
        const double before = peak_kib();
        const auto begin = bench::stopwatch::now();
        std::size_t sum = 0;
        for (const block& b : parmap::imap(parmap::indices(items), [](std::size_t i) {
                 block made;
                 made.fill(static_cast<char>(i % 100));
                 return made;
             }))
            sum += static_cast<std::size_t>(b[500]);
        const std::chrono::duration<double> taken = bench::stopwatch::now() - begin;
        state.SetIterationTime(taken.count());
        state.counters["all_kib"] = static_cast<double>(items);
        state.counters["peak_growth_kib"] = peak_kib() - before;
        std::size_t expected = 0;
        for (std::size_t i = 0; i != items; ++i)
            expected += i % 100;
        bench::require_same(state, static_cast<double>(expected), static_cast<double>(sum));
    }
}

#endif

const bench::enrolment all([](const bench::effort& e) {
    const std::size_t shorter = e.quick ? 20 : 1;
#ifdef __unix__
    bench::add_benchmark("imap/memory", benchmark::kMillisecond, [=](benchmark::State& state) {
        measure_memory(state, 200'000 / shorter);
    });
#endif
    add(e, "100ns", 100, 1'000'000 / shorter);
    add(e, "10us", 10'000, 10'000 / shorter);
});

} // namespace
