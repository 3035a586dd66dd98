// SPDX-License-Identifier: Apache-2.0
// A program that ends while workers of its pools are still coming, looking around or going.
#include <parmap/parmap.hpp>

#include <chrono>
#include <thread>

int main() {
    using namespace std::chrono_literals;
    parmap::pool outlives_main_only_just(8);
    for (int round = 0; round < 3; ++round) {
        parmap::pool pool(6);
        parmap::parallel_for_each(parmap::indices(8),
                                  [](std::size_t) { std::this_thread::sleep_for(200us); },
                                  {.pool = &pool});
    }
    parmap::parallel_for_each(
        parmap::indices(100), [](std::size_t) {},
        {.pool = &outlives_main_only_just, .schedule = parmap::schedule::balanced});
    parmap::parallel_for_each(parmap::indices(100), [](std::size_t) {},
                              {.schedule = parmap::schedule::balanced});
}
