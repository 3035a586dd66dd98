// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <parmap/core/errors.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/pool.hpp>
#include <parmap/stream/imap.hpp>
#include <ranges>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

const auto square = [](std::size_t i) { return i * i; };

} // namespace

TEST_CASE("what an item throws comes in its turn, and ends the stream", "[stream][imap]") {
    const watchdog dog("imap throwing");
    for_each_setting([](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 1, 37, 99}) {
            const auto f = [bad](std::size_t i) {
                if (i == bad || i > bad + 5)
                    throw item_error(i);
                return i;
            };
            std::size_t seen = 0;
            auto stream = parmap::imap(parmap::indices(100), f, with_window(now, 8));
            const auto failed = failing_index([&] {
                for (const std::size_t y : stream)
                    seen += y == seen ? 1 : 1000;
            });
            REQUIRE(failed == bad);
            REQUIRE(seen == bad);
            REQUIRE(failing_index([&] {
                        for ([[maybe_unused]] const std::size_t y :
                             parmap::imap_unordered(parmap::indices(100), f, now.options())) {
                        }
                    }) == bad);
        }
    });
}

TEST_CASE("what the source throws comes after all results before it", "[stream][imap]") {
    const watchdog dog("throwing source");
    for_each_setting([](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 1, 37}) {
            auto source = one_pass(100, [bad](std::size_t i) {
                if (i == bad)
                    throw item_error(i);
                return i;
            });
            std::size_t seen = 0;
            const auto failed = failing_index([&] {
                for ([[maybe_unused]] const std::size_t y :
                     parmap::imap(std::move(source), square, with_window(now, 4)))
                    ++seen;
            });
            REQUIRE(failed == bad);
            REQUIRE(seen == bad);
        }
    });
}

TEST_CASE("endless sources, and streams dropped at any point", "[stream][imap]") {
    const watchdog dog("dropped streams");
    for_each_setting([](const setting& now) {
        for (const std::size_t taken : std::initializer_list<std::size_t>{0, 1, 2, 50}) {
            counts.reset();
            {
                auto stream = parmap::imap(
                    std::views::iota(std::size_t{0}),
                    [](std::size_t i) { return counted(static_cast<long>(i)); }, now.options());
                auto at = stream.begin();
                for (std::size_t i = 0; i != taken; ++i, ++at)
                    REQUIRE((*at).value() == static_cast<long>(i));
            }
            REQUIRE(counts.balanced());
        }
        {
            auto untouched = parmap::imap(std::views::iota(0), [](int i) { return i; });
        }
    });
}

TEST_CASE("a stop or a deadline comes where results end", "[stream][imap]") {
    const watchdog dog("stopped streams");
    for_each_setting([](const setting& now) {
        std::stop_source stop;
        parmap::options how = with_window(now, 4);
        how.stop = stop.get_token();
        std::size_t seen = 0;
        bool cancelled = false;
        try {
            for (const std::size_t y :
                 parmap::imap(std::views::iota(std::size_t{0}), square, how)) {
                REQUIRE(y == seen * seen);
                if (++seen == 10)
                    stop.request_stop();
            }
        } catch (const parmap::operation_cancelled&) {
            cancelled = true;
        }
        REQUIRE(cancelled);
        REQUIRE(seen >= 10);
        REQUIRE(seen <= 20);
    });
    CHECK_THROWS_AS(
        [] {
            for ([[maybe_unused]] const int y :
                 parmap::imap(std::views::iota(0), [](int i) { return i; },
                              {.deadline = std::chrono::steady_clock::now() + 20ms})) {
            }
        }(),
        parmap::deadline_exceeded);
}

TEST_CASE("a pool that is shut down under a stream is told of, not waited for", "[stream][imap]") {
    const watchdog dog("shutdown under a stream");
    parmap::pool pool(2);
    auto stream =
        parmap::imap(std::views::iota(std::size_t{0}), square, {.pool = &pool, .window = 4});
    auto at = stream.begin();
    pool.shutdown();
    bool refused = false;
    try {
        for (int i = 0; i != 100; ++i)
            ++at;
    } catch (const std::logic_error&) {
        refused = true;
    }
    CHECK(refused);
}

TEST_CASE("a stopped stream tells of every element that has run", "[stream][imap]") {
    const watchdog dog("cancelled streams");
    for_each_setting([](const setting& now) {
        for (const auto order : {0, 1}) {
            std::atomic<std::size_t> ran = 0;
            std::stop_source stop;
            parmap::options how = with_window(now, 16);
            how.stop = stop.get_token();
            const auto f = [&](std::size_t i) {
                if (i == 20)
                    stop.request_stop();
                if (i > 20)
                    std::this_thread::sleep_for(1ms); // under way when the stream ends
                ++ran;
                return i;
            };
            const auto take_all = [](auto stream) {
                for ([[maybe_unused]] const std::size_t y : stream) {
                }
            };
            try {
                if (order == 0)
                    take_all(parmap::imap(parmap::indices(1000), f, how));
                else
                    take_all(parmap::imap_unordered(parmap::indices(1000), f, how));
                FAIL("nothing left the stream");
            } catch (const parmap::operation_cancelled& why) {
                REQUIRE(why.done() == ran);
                REQUIRE(why.total() == 1000);
            }
        }
    });
}

TEST_CASE("an unordered stream delivers what has succeeded before it fails", "[stream][imap]") {
    const watchdog dog("unordered failure");
    for (const std::size_t threads : pool_sizes) {
        std::atomic<std::size_t> succeeded = 0;
        std::size_t delivered = 0;
        auto stream = parmap::imap_unordered(std::views::iota(std::size_t{0}),
                                             [&](std::size_t i) {
                                                 if (i >= 40)
                                                     throw item_error(i);
                                                 ++succeeded;
                                                 return i;
                                             },
                                             {.pool = &pool_of(threads), .window = 8});
        REQUIRE(failing_index([&] {
                    for ([[maybe_unused]] const std::size_t y : stream)
                        ++delivered;
                }) == 40);
        REQUIRE(delivered == 40);
        REQUIRE(delivered == succeeded);
    }
}

TEST_CASE("a listener is told of all elements, and what it throws ends the stream",
          "[stream][imap]") {
    const watchdog dog("watched streams");
    for_each_setting([](const setting& now) {
        parmap::progress last;
        parmap::options how = with_window(now, 8);
        how.on_progress = [&](parmap::progress p) { last = p; };
        for ([[maybe_unused]] const std::size_t y :
             parmap::imap(parmap::indices(200), square, how)) {
        }
        REQUIRE(last.done == 200);
        REQUIRE(last.total == 200);
    });
    const auto throws = [](parmap::progress) { throw item_error(7); };
    CHECK(failing_index([&] {
              for ([[maybe_unused]] const int y : parmap::imap(
                       std::views::iota(0), [](int i) { return i; }, {.on_progress = throws})) {
              }
          }) == 7);
}
