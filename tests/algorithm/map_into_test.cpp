// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <numeric>
#include <parmap/algorithm/map_into.hpp>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

std::vector<int> numbers(std::size_t n) {
    std::vector<int> all(n);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

const auto triple = [](int x) { return 3 * x + 1; };

std::vector<int> tripled(std::size_t n) {
    std::vector<int> all;
    for (const int x : numbers(n)) {
        all.push_back(triple(x));
    }
    return all;
}

} // namespace

TEST_CASE("parallel_map_into writes out[i]", "[algorithm][map_into]") {
    const watchdog guard("map_into: order");
    for (const std::size_t n : small_sizes) {
        const auto in = numbers(n);
        const std::list<int> linked(in.begin(), in.end());
        for_each_setting(grains_for(n), [&](const setting& now) {
            std::vector<int> out(n, -1);
            parmap::parallel_map_into(in, out, triple, now.options());
            CHECK(out == tripled(n));
            std::vector<int> from_list(n, -1);
            parmap::parallel_map_into(linked, from_list, triple, now.options());
            CHECK(from_list == tripled(n));
        });
    }
}

TEST_CASE("parallel_map_into writes 100003 items", "[algorithm][map_into]") {
    const watchdog guard("map_into: large");
    const std::size_t n = 100'003;
    const auto in = numbers(n);
    const auto expected = tripled(n);
    for_each_setting(grains_for(n), [&](const setting& now) {
        std::vector<int> out(n, -1);
        parmap::parallel_map_into(in, out, triple, now.options());
        CHECK((out == expected));
    });
}

TEST_CASE("the output may be the input", "[algorithm][map_into]") {
    const watchdog guard("map_into: in place");
    for (const std::size_t n : small_sizes) {
        for_each_setting(grains_for(n), [&](const setting& now) {
            auto v = numbers(n);
            parmap::parallel_map_into(v, v, triple, now.options());
            CHECK(v == tripled(n));
            auto spanned = numbers(n);
            parmap::parallel_map_into(std::span(spanned), spanned, triple, now.options());
            CHECK(spanned == tripled(n));
        });
    }
}

TEST_CASE("what is longer than the input stays as it was", "[algorithm][map_into]") {
    for_each_setting({0, 1, 7, 64}, [&](const setting& now) {
        std::vector<int> out(150, -7);
        parmap::parallel_map_into(numbers(100), out, triple, now.options());
        auto expected = tripled(100);
        expected.resize(150, -7);
        CHECK((out == expected));
        std::vector<int> unsized(150, -7);
        const std::list<int> linked = {0, 1, 2};
        parmap::parallel_map_into(linked | std::views::filter([](int) { return true; }), unsized,
                                  triple, now.options());
        CHECK(unsized[2] == 7);
        CHECK(unsized[3] == -7);
    });
}

TEST_CASE("too short an output is refused before any call", "[algorithm][map_into][errors]") {
    for_each_setting([&](const setting& now) {
        for (const std::size_t room : {0U, 1U, 98U, 99U}) {
            std::vector<int> out(room, -1);
            std::atomic<int> calls = 0;
            const auto f = [&](int x) {
                ++calls;
                return x;
            };
            const auto in = numbers(100);
            const std::list<int> linked(in.begin(), in.end()); // not random access, but sized
            CHECK_THROWS_AS(parmap::parallel_map_into(in, out, f, now.options()),
                            std::length_error);
            CHECK_THROWS_AS(parmap::parallel_map_into(linked, out, f, now.options()),
                            std::length_error);
            CHECK(calls == 0);
            CHECK(out == std::vector<int>(room, -1));
        }
    });
}

TEST_CASE("an unsized source that outgrows its output is an error then",
          "[algorithm][map_into][errors]") {
    const watchdog guard("map_into: outgrown");
    const auto make = [](std::size_t i) { return static_cast<int>(i); };
    for_each_setting({0, 1, 7, 1000}, [&](const setting& now) {
        for (const std::size_t room : {0U, 1U, 100U, 499U}) {
            std::vector<int> memory(room + 16, -1); // beyond the output: must stay untouched
            const std::span<int> out(memory.data(), room);
            CHECK_THROWS_AS(
                parmap::parallel_map_into(one_pass(500, make), out, triple, now.options()),
                std::length_error);
            // as in the loop, what came before the error has been done
            auto expected = tripled(room);
            expected.resize(room + 16, -1);
            CHECK((memory == expected));
        }
        std::vector<int> exact(500, -1);
        parmap::parallel_map_into(one_pass(500, make), exact, triple, now.options());
        CHECK(exact == tripled(500));
    });
}

TEST_CASE("an item's error below the outgrown end comes first", "[algorithm][map_into][errors]") {
    const auto make = [](std::size_t i) { return i; };
    for_each_setting([&](const setting& now) {
        std::vector<std::size_t> out(100);
        const auto f = [](std::size_t i) { return i == 60 ? throw item_error(i) : i; };
        const auto index = failing_index(
            [&] { parmap::parallel_map_into(one_pass(500, make), out, f, now.options()); });
        CHECK(index == std::size_t{60});
    });
}

TEST_CASE("any random-access range is an output", "[algorithm][map_into]") {
    const watchdog guard("map_into: outputs");
    const auto in = numbers(500);
    for_each_setting({0, 1, 7}, [&](const setting& now) {
        std::deque<int> deque(500);
        parmap::parallel_map_into(in, deque, triple, now.options());
        CHECK(std::ranges::equal(deque, tripled(500)));

        std::array<int, 500> array{};
        parmap::parallel_map_into(in, array, triple, now.options());
        CHECK(std::ranges::equal(array, tripled(500)));

        int plain[500] = {};
        parmap::parallel_map_into(in, plain, triple, now.options());
        CHECK(std::ranges::equal(plain, tripled(500)));

        std::vector<std::pair<int, int>> pairs(500);
        parmap::parallel_map_into(in, pairs | std::views::values, triple, now.options());
        CHECK(pairs[499] == std::pair(0, 1498));

        std::vector<int> backwards(500);
        parmap::parallel_map_into(in, backwards | std::views::reverse, triple, now.options());
        CHECK(backwards.front() == 1498);

        std::vector<long> converted(500);
        parmap::parallel_map_into(in, converted, triple, now.options());
        CHECK(converted[499] == 1498);

        std::vector<std::unique_ptr<int>> owners(500);
        parmap::parallel_map_into(
            in, owners, [](int x) { return std::make_unique<int>(x); }, now.options());
        CHECK(*owners[499] == 499);
    });
}

TEST_CASE("an output of packed bits does not race", "[algorithm][map_into]") {
    const watchdog guard("map_into: bits");
    const std::size_t n = 10'007;
    const auto in = numbers(n);
    std::vector<bool> expected(n);
    for (std::size_t i = 0; i < n; ++i) {
        expected[i] = i % 3 == 0;
    }
    for_each_setting({0, 1, 7, 64}, [&](const setting& now) {
        std::vector<bool> out(n);
        parmap::parallel_map_into(in, out, [](int x) { return x % 3 == 0; }, now.options());
        CHECK((out == expected));
    });
}

TEST_CASE("nor if the bits begin in the midst of a word", "[algorithm][map_into]") {
    const watchdog guard("map_into: odd bits");
    const std::size_t n = 5000;
    const auto in = numbers(n);
    const std::list<int> linked(in.begin(), in.end());
    const auto third = [](int x) { return x % 3 == 0; };
    for_each_setting({0, 1, 7, 64}, [&](const setting& now) {
        std::vector<bool> bits(n + 70, true);
        const auto middle = std::ranges::subrange(bits.begin() + 5, bits.end() - 65);
        parmap::parallel_map_into(in, middle, third, now.options());
        CHECK(std::ranges::equal(middle, in, {}, {}, third));
        CHECK((bits[4] && bits[n + 5]));

        std::vector<bool> backwards(n);
        parmap::parallel_map_into(in, backwards | std::views::reverse, third, now.options());
        CHECK(std::ranges::equal(backwards | std::views::reverse, in, {}, {}, third));

        std::vector<bool> from_list(n);
        parmap::parallel_map_into(linked, from_list, third, now.options());
        CHECK(std::ranges::equal(from_list, in, {}, {}, third));
    });
}

TEST_CASE("parallel_map_into fails as the loop would", "[algorithm][map_into][errors]") {
    const watchdog guard("map_into: errors");
    const std::size_t n = 100;
    std::vector<std::size_t> in(n);
    std::iota(in.begin(), in.end(), std::size_t{0});
    for_each_setting({0, 1, 7, n}, [&](const setting& now) {
        for (const std::size_t first : {0U, 1U, 49U, 50U, 98U, 99U}) {
            call_log log(n);
            std::vector<std::size_t> out(n, 12345);
            const auto index = failing_index([&] {
                const auto f = [&](std::size_t i) {
                    const auto visit = log.enter(i);
                    return i == first || i == 99 ? throw item_error(i) : i;
                };
                parmap::parallel_map_into(in, out, f, now.options());
            });
            log.close();
            CHECK(index == first);
            CHECK(log.ran_all_below(first + 1));
            CHECK(std::equal(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(first),
                             in.begin()));
            CHECK(out[first] == 12345);
            CHECK(log.quiet());
        }
    });
}
