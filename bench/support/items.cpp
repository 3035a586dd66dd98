// SPDX-License-Identifier: Apache-2.0
#include "items.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <limits>

namespace bench {
namespace {

// The best of many: whatever else the machine does only ever makes it longer.
double ns_of_item(unsigned steps) {
    constexpr int trials = 50;
    const unsigned items = std::max(4U, 8192 / steps);
    double least = std::numeric_limits<double>::max();
    for (int trial = 0; trial < trials; ++trial) {
        const auto begin = std::chrono::steady_clock::now();
        for (unsigned item = 0; item < items; ++item)
            benchmark::DoNotOptimize(work(1.5, steps));
        const std::chrono::duration<double, std::nano> taken =
            std::chrono::steady_clock::now() - begin;
        least = std::min(least, taken.count() / items);
    }
    return least;
}

const unsigned medium_steps = steps_in(medium_ns);
const unsigned heavy_steps = steps_in(heavy_ns);

} // namespace

// Four steps to a branch: how well a processor predicts the end of a long loop is not measured.
double work(double x, unsigned steps) {
    const auto step = [&x] { x = x * 0.999999 + 1e-6; };
    for (; steps >= 4; steps -= 4)
        step(), step(), step(), step();
    for (; steps != 0; --steps)
        step();
    return x;
}

double medium_item(double x) {
    return work(x, medium_steps);
}
double heavy_item(double x) {
    return work(x, heavy_steps);
}

unsigned steps_in(double nanoseconds) {
    unsigned too_few = 0;
    unsigned enough = 1U << 14;
    while (enough - too_few > std::max(1U, enough / 256)) {
        const unsigned middle = too_few + (enough - too_few) / 2;
        (ns_of_item(4 * middle) < nanoseconds ? too_few : enough) = middle;
    }
    return 4 * enough;
}

} // namespace bench
