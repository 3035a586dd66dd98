// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/every_verb.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <optional>
#include <parmap/parmap.hpp>
#include <random>
#include <ranges>
#include <string>
#include <vector>

using namespace parmap_test;

namespace {

constexpr std::size_t fault_sizes[] = {1, 2, 3, 33};

// Runs the verb with items that throw where `fails` says so, and checks what a loop would show.
void check_throws(const verb& verb, std::size_t n, const setting& now,
                  const std::vector<bool>& fails) {
    call_log log(n);
    const auto item = [&](std::size_t i) {
        const auto inside = log.enter(i);
        if (fails[i])
            throw item_error(i);
    };
    const auto lowest =
        static_cast<std::size_t>(std::find(fails.begin(), fails.end(), true) - fails.begin());
    const auto failed = failing_index([&] { verb.run(n, item, now.options()); });
    log.close();
    CAPTURE(n, lowest);
    if (lowest == n) {
        REQUIRE(failed == std::nullopt);
    } else {
        REQUIRE(failed == lowest);
    }
    REQUIRE(log.ran_all_below(lowest));
    REQUIRE(log.none_ran_twice());
    REQUIRE(log.quiet());
    REQUIRE(counts.balanced());
}

} // namespace

TEST_CASE("an item that throws, at every place", "[fault][throw]") {
    const watchdog guard("throw at every place");
    counts.reset();
    for (const auto& verb : every_verb()) {
        INFO(verb.name);
        for_each_setting([&](const setting& now) {
            for (const auto n : fault_sizes) {
                for (std::size_t k = 0; k < n; ++k) {
                    std::vector<bool> fails(n, false);
                    fails[k] = true;
                    check_throws(verb, n, now, fails);
                }
            }
        });
    }
}

TEST_CASE("every item from one on throws", "[fault][throw]") {
    const watchdog guard("every item throws");
    counts.reset();
    for (const auto& verb : every_verb()) {
        INFO(verb.name);
        for_each_setting([&](const setting& now) {
            for (std::size_t k = 0; k <= 33; k += 3) {
                std::vector<bool> fails(33, false);
                std::fill(fails.begin() + static_cast<std::ptrdiff_t>(k), fails.end(), true);
                check_throws(verb, 33, now, fails);
            }
        });
    }
}

TEST_CASE("whichever item is slow, the lowest exception leaves", "[fault][throw]") {
    const watchdog guard("lowest exception");
    std::mt19937 random(20261125);
    for (int round = 0; round < 200; ++round) {
        const setting now{schedules[random() % 4], pool_sizes[random() % 4], random() % 4};
        const std::size_t n = 2 + random() % 40;
        std::vector<unsigned> naps(n);
        std::vector<bool> fails(n);
        for (std::size_t i = 0; i < n; ++i) {
            naps[i] = random() % 3 == 0 ? static_cast<unsigned>(random() % 400) : 0;
            fails[i] = random() % 5 == 0;
        }
        const auto& verb = every_verb()[random() % every_verb().size()];
        INFO("round " << round << ": " << verb.name << ", " << now.name());
        const auto slow = [&](std::size_t, const item_body& item, const parmap::options& how) {
            const auto napping = [&](std::size_t i) {
                if (naps[i] > 0)
                    sleep_us(naps[i]);
                item(i);
            };
            verb.run(n, napping, how);
        };
        auto slowly = verb;
        slowly.run = slow;
        check_throws(slowly, n, now, fails);
    }
}

TEST_CASE("items below the thrower still run, even if they are the slow ones", "[fault][throw]") {
    for_each_setting({0, 1, 1000}, [](const setting& now) {
        call_log log(24);
        const auto failed = failing_index([&] {
            parmap::parallel_for_each(
                parmap::indices(24),
                [&](std::size_t i) {
                    const auto inside = log.enter(i);
                    if (i >= 20)
                        throw item_error(i);
                    sleep_us(300);
                    if (i == 19)
                        throw item_error(i);
                },
                now.options());
        });
        log.close();
        CHECK(failed == std::size_t{19});
        CHECK(log.ran_all_below(20));
        CHECK(log.quiet());
    });
}

TEST_CASE("after an exception most of the work is left out", "[fault][throw]") {
    for_each_setting({0, 1, 1000}, [](const setting& now) {
        call_log log(400);
        const auto failed = failing_index([&] {
            parmap::parallel_for_each(
                parmap::indices(400),
                [&](std::size_t i) {
                    const auto inside = log.enter(i);
                    sleep_ms(1);
                    if (i == 0)
                        throw item_error(i);
                },
                now.options());
        });
        CHECK(failed == std::size_t{0});
        CHECK(log.calls() < 200);
    });
}

TEST_CASE("what is thrown need not be a std::exception", "[fault][throw]") {
    for_each_setting([](const setting& now) {
        const auto throws_a_number = [](std::size_t i) -> counted {
            if (i % 7 == 3)
                throw static_cast<int>(i);
            return counted(1);
        };
        try {
            parmap::parallel_map(parmap::indices(50), throws_a_number, now.options());
            FAIL("nothing was thrown");
        } catch (int number) {
            CHECK(number == 3);
        }
    });
}

TEST_CASE("a source that throws is an item that throws", "[fault][throw]") {
    const watchdog guard("source throws");
    for_each_setting([](const setting& now) {
        for (const std::size_t at : {0u, 1u, 5u, 32u, 700u}) {
            const auto make = [at](std::size_t i) {
                if (i == at)
                    throw item_error(1000 + i);
                return i;
            };
            for (const std::size_t item : {std::size_t{3}, std::size_t{31}, std::size_t{9999}}) {
                call_log log(1000);
                const auto body = [&](std::size_t i) {
                    const auto inside = log.enter(i);
                    if (i == item)
                        throw item_error(i);
                };
                const auto failed = failing_index(
                    [&] { parmap::parallel_for_each(one_pass(800, make), body, now.options()); });
                log.close();
                CAPTURE(at, item);
                REQUIRE(failed == (item < at ? item : 1000 + at));
                REQUIRE(log.ran_all_below(std::min(at, item)));
                REQUIRE_FALSE(log.ran(at));
                REQUIRE(log.quiet());
                const auto of_view = failing_index([&] {
                    const auto view = parmap::indices(800) | std::views::transform(make);
                    parmap::parallel_map(view, [](std::size_t i) { return i; }, now.options());
                });
                REQUIRE(of_view == 1000 + at);
            }
        }
    });
}

TEST_CASE("an inner map's exception leaves through the outer one", "[fault][throw]") {
    const watchdog guard("nested throw");
    for_each_setting([](const setting& now) {
        const auto inner = [&](std::size_t row) {
            return parmap::parallel_map(
                parmap::indices(20),
                [row](std::size_t column) {
                    if (row >= 2 && column >= 7)
                        throw item_error(100 * row + column);
                    return row + column;
                },
                now.options());
        };
        for (int round = 0; round < 5; ++round) {
            const auto failed = failing_index(
                [&] { parmap::parallel_map(parmap::indices(9), inner, now.options()); });
            REQUIRE(failed == std::size_t{207});
        }
    });
}

TEST_CASE("a pool works on after exceptions", "[fault][throw]") {
    for_each_setting([](const setting& now) {
        for (int round = 0; round < 20; ++round) {
            failing_index([&] {
                parmap::parallel_for_each(
                    parmap::indices(30), [](std::size_t i) { throw item_error(i); }, now.options());
            });
            std::atomic<std::size_t> sum = 0;
            parmap::parallel_for_each(
                parmap::indices(30), [&](std::size_t i) { sum += i; }, now.options());
            REQUIRE(sum == 435);
        }
    });
}
