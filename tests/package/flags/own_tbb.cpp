// SPDX-License-Identifier: Apache-2.0
// A program that uses oneTBB itself, through its whole umbrella, before and inside parmap's calls.
#include <tbb/tbb.h>

#include <parmap/parmap.hpp>

#include "../answers.hpp"

#include <atomic>

int main() {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 2);
    std::atomic<int> calls{0};
    tbb::parallel_for(0, 4, [&](int) {
        const auto doubled = parmap::parallel_map(parmap::indices(100), [&](std::size_t i) {
            tbb::parallel_for(0, 2, [&](int) { ++calls; });
            return 2 * i;
        });
        calls += doubled.back() == 198 ? 0 : 1'000'000;
    });
    if (calls != 4 * 100 * 2) {
        std::fputs("oneTBB's loops inside and around parmap's go wrong\n", stderr);
        return 1;
    }
    return check_answers();
}
