// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/every_verb.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <parmap/parmap.hpp>
#include <random>
#include <thread>
#include <vector>

using namespace parmap_test;

namespace {

struct cost_shape {
    const char* name;
    std::function<double(std::size_t i, std::size_t n)> cost; // in units
};

const std::vector<cost_shape>& cost_shapes() {
    static const std::vector<cost_shape> all{
        {"first half tenfold", [](std::size_t i, std::size_t n) { return i < n / 2 ? 10. : 1.; }},
        {"rising", [](std::size_t i, std::size_t) { return static_cast<double>(i) / 10; }},
        {"last one is all", [](std::size_t i, std::size_t n) { return i + 1 == n ? 500. : 0.1; }},
        {"first one is all", [](std::size_t i, std::size_t) { return i == 0 ? 500. : 0.1; }},
        {"Pareto",
         [](std::size_t i, std::size_t) {
             std::mt19937 random(static_cast<unsigned>(i));
             return 1 / std::sqrt(std::uniform_real_distribution(0.001, 1.)(random));
         }},
        {"nothing, then much", [](std::size_t i, std::size_t n) { return i < n - 20 ? 0. : 40.; }},
    };
    return all;
}

std::vector<std::size_t> rounds_of(const cost_shape& shape, std::size_t n, double unit) {
    std::vector<std::size_t> rounds(n);
    for (std::size_t i = 0; i < n; ++i) {
        rounds[i] = static_cast<std::size_t>(unit * shape.cost(i, n));
    }
    return rounds;
}

// The threads that work when each item naps so long.
std::size_t threads_at_naps(const std::vector<unsigned>& naps_us, const setting& now) {
    call_log log(naps_us.size());
    parmap::parallel_for_each(
        parmap::indices(naps_us.size()),
        [&](std::size_t i) {
            const auto inside = log.enter(i);
            if (naps_us[i] > 0)
                sleep_us(naps_us[i]);
        },
        now.options());
    return log.each_ran_once() ? log.threads().size() : 0;
}

// The same, of those that nap only.
std::size_t threads_of_nappers(const std::vector<unsigned>& naps_us, const setting& now) {
    call_log log(naps_us.size());
    parmap::parallel_for_each(
        parmap::indices(naps_us.size()),
        [&](std::size_t i) {
            if (naps_us[i] == 0)
                return;
            const auto inside = log.enter(i);
            sleep_us(naps_us[i]);
        },
        now.options());
    return log.threads().size();
}

} // namespace

TEST_CASE("uneven items give what the loop gives", "[stress][irregular]") {
    const watchdog guard("uneven items");
    for (const auto& shape : cost_shapes()) {
        for (const std::size_t n : {21u, 300u}) {
            const auto rounds = rounds_of(shape, n, 200);
            std::vector<std::size_t> expected;
            for (const auto count : rounds)
                expected.push_back(spin(count));
            for_each_setting({0, 1, 50}, [&](const setting& now) {
                INFO(shape.name);
                CHECK(parmap::parallel_map(rounds, spin, now.options()) == expected);
            });
        }
    }
}

TEST_CASE("uneven maps of uneven maps", "[stress][irregular]") {
    const watchdog guard("uneven maps of maps");
    const auto rounds = rounds_of(cost_shapes().back(), 40, 30);
    const auto total = std::accumulate(rounds.begin(), rounds.end(), std::size_t{0});
    for_each_setting([&](const setting& now) {
        const auto row = [&](std::size_t i) {
            const auto part = parmap::parallel_map(
                parmap::indices(i), [&](std::size_t j) { return spin(rounds[j]), rounds[j]; },
                now.options());
            return std::accumulate(part.begin(), part.end(), std::size_t{0});
        };
        const auto sums = parmap::parallel_map(parmap::indices(41), row, now.options());
        CHECK(sums.front() == 0);
        CHECK(sums.back() == total);
        CHECK(std::is_sorted(sums.begin(), sums.end()));
    });
}

TEST_CASE("items that take long run on more than one thread", "[stress][irregular]") {
    const watchdog guard("more than one thread");
    for (const auto schedule : parallel_schedules) {
        for (const std::size_t threads : {2u, 3u, 8u}) {
            const setting now{schedule, threads, 0};
            INFO(now.name());
            CHECK(threads_at_naps(std::vector<unsigned>(40, 2000), now) > 1);
        }
    }
}

TEST_CASE("a heavy tail after nothing is shared out", "[stress][irregular]") {
    const watchdog guard("heavy tail");
    std::vector<unsigned> naps(5000, 0);
    std::fill(naps.end() - 32, naps.end(), 5000);
    for (const std::size_t threads : {2u, 8u}) {
        const setting now{parmap::schedule::balanced, threads, 0};
        INFO(now.name());
        for (int call = 0; call < 3; ++call)
            CHECK(threads_of_nappers(naps, now) > 1);
    }
}

TEST_CASE("a call site whose items turn from cheap to heavy", "[stress][irregular]") {
    const watchdog guard("cheap to heavy");
    for (const std::size_t threads : {2u, 8u}) {
        const setting now{parmap::schedule::adaptive, threads, 0};
        for (const std::size_t n : {8u, 40u}) {
            INFO(now.name() << ", " << n << " items");
            const std::vector<unsigned> cheap(n, 0);
            const std::vector<unsigned> heavy(n, 3000);
            for (int call = 0; call < 200; ++call)
                threads_at_naps(cheap, now);
            std::size_t most = 0; // a site that has only seen cheap items may be slow to believe
            for (int call = 0; call < 8; ++call) {
                most = std::max(most, threads_at_naps(heavy, now));
            }
            CHECK(most > 1);
        }
    }
}

TEST_CASE("a call that fails at once does not make the next one serial", "[stress][irregular]") {
    const watchdog guard("fails at once");
    for (const auto schedule : parallel_schedules) {
        for (const std::size_t threads : {2u, 8u}) {
            const setting now{schedule, threads, 0};
            INFO(now.name());
            bool fails = true;
            std::size_t seen = 0;
            for (int call = 0; call < 2; ++call, fails = false) {
                call_log log(24);
                const auto item = [&](std::size_t i) {
                    const auto inside = log.enter(i);
                    if (fails)
                        throw item_error(i);
                    sleep_ms(2);
                };
                failing_index([&] { verbs::for_each(24, item, now.options()); });
                seen = log.threads().size();
            }
            CHECK(seen > 1);
        }
    }
}

TEST_CASE("direct gives each thread one run of neighbours", "[stress][irregular]") {
    const watchdog guard("direct blocks");
    for (const std::size_t threads : {2u, 3u, 8u}) {
        const setting now{parmap::schedule::direct, threads, 0};
        const std::size_t n = 10 * threads;
        std::vector<std::thread::id> who(n);
        parmap::parallel_for_each(
            parmap::indices(n),
            [&](std::size_t i) {
                who[i] = std::this_thread::get_id();
                sleep_ms(1);
            },
            now.options());
        std::size_t runs = 1;
        for (std::size_t i = 1; i < n; ++i)
            runs += who[i] != who[i - 1] ? 1 : 0;
        INFO(now.name());
        CHECK(runs <= threads);
    }
}
