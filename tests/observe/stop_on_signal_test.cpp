// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/pools.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <csignal>
#include <cstddef>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/core/errors.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/observe/stop_on_signal.hpp>
#include <stop_token>

using namespace parmap_test;

// A process is interrupted once: one test.
TEST_CASE("Ctrl-C ends a map cleanly, and the next one is not caught", "[observe]") {
    const watchdog dog("stop_on_signal");
    const std::stop_token stop = parmap::stop_on_signal();
    CHECK_FALSE(stop.stop_requested());
    CHECK(stop == parmap::stop_on_signal());

    std::atomic<std::size_t> ran = 0;
    const auto item = [&](std::size_t i) {
        if (i == 3)
            std::raise(SIGINT);
        sleep_us(100);
        ++ran;
    };
    try {
        parmap::parallel_for_each(parmap::indices(10'000'000), item,
                                  {.pool = &pool_of(2), .grain = 1, .stop = stop});
        FAIL("ten million items of 0.1 ms have run");
    } catch (const parmap::operation_cancelled& why) {
        CHECK(why.done() == ran);
        CHECK(why.total() == 10'000'000);
    }
    CHECK(stop.stop_requested());
    CHECK(parmap::stop_on_signal().stop_requested());
    CHECK(std::signal(SIGINT, SIG_IGN) == SIG_DFL);
}
