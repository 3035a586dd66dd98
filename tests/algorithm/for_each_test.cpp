// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <cstddef>
#include <forward_list>
#include <list>
#include <memory>
#include <numeric>
#include <parmap/algorithm/for_each.hpp>
#include <ranges>
#include <sstream>
#include <type_traits>
#include <vector>

using namespace parmap_test;

namespace {

std::vector<int> numbers(std::size_t n, int first = 0) {
    std::vector<int> all(n);
    std::iota(all.begin(), all.end(), first);
    return all;
}

const auto increment = [](int& x) { ++x; };

/// Leaves elements changed, and says so by a type that is not void: for_each drops it.
struct incrementer {
    incrementer() = default;
    incrementer(const incrementer&) = delete;
    incrementer& operator=(const incrementer&) = delete;
    std::unique_ptr<int> operator()(int& x) {
        ++x;
        ++calls;
        return nullptr;
    }
    std::atomic<int> calls = 0;
};

struct lamp {
    bool lit = false;
    void light() { lit = true; }
};

} // namespace

TEST_CASE("parallel_for_each returns nothing", "[algorithm][for_each]") {
    std::vector<int> v;
    STATIC_REQUIRE(std::is_void_v<decltype(parmap::parallel_for_each(v, increment))>);
    STATIC_REQUIRE(std::is_void_v<decltype(parmap::parallel_for_each(v, incrementer{}))>);
}

TEST_CASE("parallel_for_each changes each element once", "[algorithm][for_each]") {
    const watchdog guard("for_each: elements");
    for (const std::size_t n : small_sizes) {
        auto v = numbers(n);
        std::list<int> list(v.begin(), v.end());
        std::forward_list<int> forward(v.begin(), v.end());
        int rounds = 0;
        for_each_setting(grains_for(n), [&](const setting& now) {
            ++rounds;
            parmap::parallel_for_each(v, increment, now.options());
            parmap::parallel_for_each(list, increment, now.options());
            parmap::parallel_for_each(forward, increment, now.options());
            const auto expected = numbers(n, rounds);
            CHECK((v == expected));
            CHECK(std::ranges::equal(list, expected));
            CHECK(std::ranges::equal(forward, expected));
        });
    }
}

TEST_CASE("parallel_for_each changes 100003 elements", "[algorithm][for_each]") {
    const watchdog guard("for_each: large");
    auto v = numbers(100'003);
    int rounds = 0;
    for_each_setting(grains_for(v.size()), [&](const setting& now) {
        parmap::parallel_for_each(v, increment, now.options());
        CHECK((v == numbers(100'003, ++rounds)));
    });
}

TEST_CASE("parallel_for_each changes elements through views", "[algorithm][for_each]") {
    const watchdog guard("for_each: views");
    const auto even = [](int x) { return x % 2 == 0; };
    for_each_setting([&](const setting& now) {
        std::vector<std::pair<int, int>> pairs(500);
        parmap::parallel_for_each(pairs | std::views::elements<1>, increment, now.options());
        CHECK(pairs == std::vector<std::pair<int, int>>(500, {0, 1}));
        parmap::parallel_for_each(pairs, [](int& a, int& b) { a = 3 * b; }, now.options());
        CHECK(pairs == std::vector<std::pair<int, int>>(500, {3, 1}));

        auto v = numbers(500);
        parmap::parallel_for_each(
            v | std::views::filter(even), [](int& x) { x += 10; }, now.options());
        CHECK(std::accumulate(v.begin(), v.end(), 0) == 499 * 250 + 2500);

        std::vector<lamp> lamps(100);
        parmap::parallel_for_each(lamps, &lamp::light, now.options());
        CHECK(std::ranges::all_of(lamps, &lamp::lit));
    });
}

TEST_CASE("parallel_for_each changes packed bits without a race", "[algorithm][for_each]") {
    const watchdog guard("for_each: bits");
    std::vector<bool> bits(5003);
    bool lit = false;
    for_each_setting({0, 1, 7, 64}, [&](const setting& now) {
        lit = !lit;
        parmap::parallel_for_each(bits, [](auto bit) { bit = !bit; }, now.options());
        CHECK((bits == std::vector<bool>(5003, lit)));
    });
}

TEST_CASE("parallel_for_each calls one shared callable and drops its result",
          "[algorithm][for_each]") {
    for_each_setting([&](const setting& now) {
        auto v = numbers(333);
        incrementer f;
        parmap::parallel_for_each(v, f, now.options());
        CHECK(f.calls == 333);
        CHECK(v == numbers(333, 1));
    });
}

TEST_CASE("parallel_for_each reads single-pass sources", "[algorithm][for_each]") {
    const watchdog guard("for_each: one pass");
    for_each_setting({0, 1, 64}, [&](const setting& now) {
        std::istringstream text("1 2 3 4 5 6 7 8 9 10");
        std::atomic<int> sum = 0;
        parmap::parallel_for_each(
            std::ranges::istream_view<int>(text), [&](int x) { sum += x; }, now.options());
        CHECK(sum == 55);
        std::atomic<long> total = 0;
        parmap::parallel_for_each(
            one_pass(1000, [](std::size_t i) { return std::make_unique<long>(long(i)); }),
            [&](std::unique_ptr<long> p) { total += *p; }, now.options());
        CHECK(total == 999 * 500);
    });
}

TEST_CASE("an unsized source is never held in memory whole", "[algorithm][for_each]") {
    const watchdog guard("for_each: bounded");
    const std::size_t n = 100'000;
    for (const auto schedule : schedules) {
        for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
            const setting now{schedule, threads, 0};
            INFO(now.name());
            counts.reset();
            std::atomic<long> sum = 0;
            parmap::parallel_for_each(
                one_pass(n, [](std::size_t i) { return counted(static_cast<long>(i)); }),
                [&](const counted& x) { sum += x.value(); }, now.options());
            CHECK(sum == static_cast<long>(n * (n - 1) / 2));
            CHECK(counts.balanced());
            CHECK(counts.most_live < static_cast<long>(n / 4));
        }
    }
}

TEST_CASE("parallel_for_each fails as the loop would", "[algorithm][for_each][errors]") {
    const watchdog guard("for_each: errors");
    const std::size_t n = 100;
    std::vector<std::size_t> in(n);
    std::iota(in.begin(), in.end(), std::size_t{0});
    for_each_setting({0, 1, 7, n}, [&](const setting& now) {
        for (const std::size_t first : {0U, 1U, 49U, 50U, 98U, 99U}) {
            call_log log(n);
            const auto out = failing_index([&] {
                parmap::parallel_for_each(
                    in,
                    [&](std::size_t i) {
                        const auto visit = log.enter(i);
                        if (i == first || i == 99) {
                            throw item_error(i);
                        }
                    },
                    now.options());
            });
            log.close();
            CHECK(out == first);
            CHECK(log.ran_all_below(first + 1));
            CHECK(log.none_ran_twice());
            CHECK(log.quiet());
        }
    });
}
