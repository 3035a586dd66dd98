// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/gate.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <list>
#include <memory>
#include <numeric>
#include <parmap/parmap.hpp>
#include <ranges>
#include <sstream>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

const auto square = [](std::size_t i) { return i * i; };

std::vector<std::size_t> squares(std::size_t n) {
    std::vector<std::size_t> all(n);
    for (std::size_t i = 0; i != n; ++i)
        all[i] = i * i;
    return all;
}

parmap::options with_window(const setting& now, std::size_t window) {
    parmap::options how = now.options();
    how.window = window;
    return how;
}

// How many elements have been pulled and not yet been given up, at most.
struct under_way {
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;

    void pull() {
        const int count = ++now;
        int known = most;
        while (count > known && !most.compare_exchange_weak(known, count)) {
        }
    }
};

} // namespace

TEST_CASE("imap gives all results in order, under every setting and window", "[stream][imap]") {
    const watchdog dog("imap");
    for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 33, 700}) {
        const auto expected = squares(n);
        std::list<std::size_t> listed(n);
        std::iota(listed.begin(), listed.end(), std::size_t{0});
        for_each_setting({0, 7}, [&](const setting& now) {
            for (const std::size_t window : std::initializer_list<std::size_t>{0, 1, 2, 3, 1000}) {
                std::vector<std::size_t> seen;
                for (const std::size_t y :
                     parmap::imap(parmap::indices(n), square, with_window(now, window)))
                    seen.push_back(y);
                REQUIRE(seen == expected);
                seen.clear();
                for (const std::size_t y :
                     parmap::imap_unordered(listed, square, with_window(now, window)))
                    seen.push_back(y);
                std::ranges::sort(seen);
                REQUIRE(seen == expected);
            }
        });
    }
}

TEST_CASE("no more than a window is pulled and not consumed", "[stream][imap]") {
    const watchdog dog("window");
    for_each_setting([](const setting& now) {
        for (const int window : {1, 2, 3, 16}) {
            under_way count;
            auto stream = parmap::imap(one_pass(300,
                                                [&](std::size_t i) {
                                                    count.pull();
                                                    return i;
                                                }),
                                       square, with_window(now, static_cast<std::size_t>(window)));
            auto at = stream.begin();
            std::size_t taken = 0;
            while (at != stream.end()) {
                ++taken;
                if (taken % 50 == 0)
                    std::this_thread::sleep_for(1ms); // a slow consumer
                --count.now;                          // it asks for the next one
                ++at;
            }
            REQUIRE(taken == 300);
            REQUIRE(count.most <= window);
        }
    });
}

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

TEST_CASE("a stream is a move-only input view", "[stream][imap]") {
    auto stream = parmap::imap(std::vector<int>{1, 2, 3}, [](int i) { return i; });
    using view = decltype(stream);
    STATIC_REQUIRE(std::ranges::input_range<view>);
    STATIC_REQUIRE(std::ranges::view<view>);
    STATIC_REQUIRE(std::movable<view>);
    STATIC_REQUIRE_FALSE(std::copyable<view>);
    auto moved = std::move(stream);
    auto odd = std::move(moved) | std::views::filter([](int i) { return i % 2 == 1; });
    std::vector<int> seen;
    for (const int i : odd)
        seen.push_back(i);
    CHECK(seen == std::vector<int>{1, 3});

    std::istringstream text("one two three");
    std::vector<std::size_t> lengths;
    std::ranges::copy(parmap::imap(std::views::istream<std::string>(text), &std::string::size),
                      std::back_inserter(lengths));
    CHECK(lengths == std::vector<std::size_t>{3, 3, 5});

    std::vector<std::unique_ptr<int>> owned;
    for (auto&& p : parmap::imap(parmap::indices(20), [](std::size_t i) {
             return std::make_unique<int>(static_cast<int>(i));
         }))
        owned.push_back(std::move(p));
    CHECK(*owned[19] == 19);
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

TEST_CASE("streams inside maps, and maps inside streams", "[stream][imap]") {
    const watchdog dog("nested streams");
    for (const std::size_t threads : pool_sizes) {
        parmap::pool& pool = pool_of(threads);
        const auto sum = [&pool](std::size_t n) {
            std::size_t total = 0;
            for (const std::size_t y :
                 parmap::imap(parmap::indices(n), square, {.pool = &pool, .window = 4}))
                total += y;
            return total;
        };
        const auto totals = parmap::parallel_map(
            parmap::indices(30), sum, {.pool = &pool, .schedule = parmap::schedule::balanced});
        CHECK(totals[29] == 28 * 29 * 57 / 6);
        std::size_t seen = 0;
        for (const std::size_t total : parmap::imap(parmap::indices(30), sum, {.pool = &pool}))
            CHECK(total == totals[seen++]);
    }
}

TEST_CASE("a slow source is no reason to keep results back", "[stream][imap]") {
    const watchdog dog("blocked source");
    gate more;
    std::thread opens;
    {
        auto stream = parmap::imap(one_pass(2,
                                            [&more](std::size_t i) {
                                                if (i == 1)
                                                    more.pass(); // blocks until the first is seen
                                                return i;
                                            }),
                                   square, {.pool = &pool_of(2)});
        auto at = stream.begin();
        CHECK(*at == 0);
        more.open();
        ++at;
        CHECK(*at == 1);
    }
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
