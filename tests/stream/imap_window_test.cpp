// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/load.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <parmap/core/indices.hpp>
#include <parmap/core/options.hpp>
#include <parmap/stream/imap.hpp>
#include <ranges>
#include <utility>

using namespace parmap_test;

namespace {

// How many elements have been pulled and not yet been given up, at most.
struct under_way {
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;

    std::size_t pull(std::size_t i) {
        const int count = ++now;
        int known = most;
        while (count > known && !most.compare_exchange_weak(known, count)) {
        }
        return i;
    }

    // The consumer asks for the next result.
    void give_up() { --now; }
};

// Takes all results, slowly now and then.
template <class Stream>
std::size_t take_all(Stream stream, under_way& count) {
    std::size_t taken = 0;
    for (auto at = stream.begin(); at != stream.end(); ++at) {
        if (++taken % 60 == 0)
            sleep_ms(1);
        count.give_up();
    }
    return taken;
}

} // namespace

TEST_CASE("no more than a window is pulled and not consumed", "[stream][imap]") {
    const watchdog dog("window");
    for_each_setting({0, 7}, [](const setting& now) {
        for (const int window : {1, 2, 3, 16}) {
            const parmap::options how = with_window(now, static_cast<std::size_t>(window));
            const auto f = [](std::size_t i) {
                if (i % 50 == 7)
                    sleep_us(50); // others overtake it
                return i;
            };
            under_way ordered;
            const auto pulled_in_order = [&](std::size_t i) { return ordered.pull(i); };
            REQUIRE(take_all(parmap::imap(one_pass(200, pulled_in_order), f, how), ordered) == 200);
            REQUIRE(ordered.most <= window);
            under_way unordered;
            const auto pulled = [&](std::size_t i) { return unordered.pull(i); };
            REQUIRE(take_all(parmap::imap_unordered(one_pass(200, pulled), f, how), unordered) ==
                    200);
            REQUIRE(unordered.most <= window);
        }
    });
}

TEST_CASE("a window of one is enough for consumer and workers", "[stream][imap]") {
    const watchdog dog("window of one");
    for (const std::size_t threads : pool_sizes) {
        std::size_t seen = 0;
        for (const std::size_t y :
             parmap::imap_unordered(std::views::iota(std::size_t{0}),
                                    [](std::size_t i) { return i; },
                                    {.pool = &pool_of(threads), .window = 1}) |
                 std::views::take(2000))
            REQUIRE(y == seen++);
    }
}

TEST_CASE("elements and results are no more than the window, whoever is slow", "[stream][imap]") {
    const watchdog dog("memory of a stream");
    for (const std::size_t threads : pool_sizes) {
        for (const bool consumer_is_slow : {false, true}) {
            counts.reset();
            std::size_t taken = 0;
            for (const counted& y :
                 parmap::imap(one_pass(3000, [](std::size_t i) { return counted(long(i)); }),
                              [](counted c) { return counted(c.value()); },
                              {.pool = &pool_of(threads), .window = 24})) {
                REQUIRE(y.value() == static_cast<long>(taken++));
                if (consumer_is_slow && taken % 300 == 0)
                    sleep_ms(2);
            }
            REQUIRE(taken == 3000);
            REQUIRE(counts.balanced());
            // An element and its result may be there at once where it is being made, and the
            // source holds one more.
            REQUIRE(counts.most_live <= static_cast<long>(24 + 3 * (threads + 1) + 2));
        }
    }
}
