// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <list>
#include <numeric>
#include <parmap/parmap.hpp>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

const auto joined = [](const std::string& a, const std::string& b) { return a + b; };

} // namespace

TEST_CASE("scans of whole numbers are those of the standard", "[algorithm][scan]") {
    for (const std::size_t n :
         std::initializer_list<std::size_t>{0, 1, 2, 3, 31, 32, 33, 1000, 5000}) {
        std::vector<std::uint64_t> x(n);
        std::iota(x.begin(), x.end(), std::uint64_t{3});
        std::vector<std::uint64_t> inclusive(n), exclusive(n);
        std::inclusive_scan(x.begin(), x.end(), inclusive.begin());
        std::exclusive_scan(x.begin(), x.end(), exclusive.begin(), std::uint64_t{7});
        const std::list<std::uint64_t> listed(x.begin(), x.end());
        for_each_setting([&](const setting& now) {
            REQUIRE(parmap::inclusive_scan(x, std::plus<>(), now.options()) == inclusive);
            REQUIRE(parmap::inclusive_scan(listed, std::plus<>(), now.options()) == inclusive);
            REQUIRE(parmap::exclusive_scan(x, std::uint64_t{7}, std::plus<>(), now.options()) ==
                    exclusive);
        });
    }
}

TEST_CASE("scans of floating point have the same bits everywhere", "[algorithm][scan]") {
    for (const std::size_t n : std::initializer_list<std::size_t>{33, 1000, 20'000}) {
        std::vector<double> x(n);
        for (std::size_t i = 0; i != n; ++i)
            x[i] = 1.0 / static_cast<double>(i + 1);
        const auto serial =
            parmap::inclusive_scan(x, std::plus<>(), {.schedule = parmap::schedule::serial});
        const auto from = [&](const parmap::options& how) {
            return parmap::exclusive_scan(x, 0.1, std::plus<>(), how);
        };
        const auto serial_from = from({.schedule = parmap::schedule::serial});
        for_each_setting({0, 1, 64}, [&](const setting& now) {
            REQUIRE(parmap::inclusive_scan(x, std::plus<>(), now.options()) == serial);
            REQUIRE(from(now.options()) == serial_from);
        });
    }
}

TEST_CASE("an operation that does not commute", "[algorithm][scan]") {
    const auto words = parmap::parallel_map(parmap::indices(300),
                                            [](std::size_t i) { return std::to_string(i % 10); });
    std::vector<std::string> expected(words.size());
    std::inclusive_scan(words.begin(), words.end(), expected.begin(), joined);
    for_each_setting([&](const setting& now) {
        REQUIRE(parmap::inclusive_scan(words, joined, now.options()) == expected);
    });
}

TEST_CASE("elements that are moved from as they are read", "[algorithm][scan]") {
    static constexpr std::size_t n = 700;
    std::string expected;
    for (std::size_t i = 0; i != n; ++i)
        expected += std::to_string(i % 10);
    for_each_setting([&](const setting& now) {
        std::vector<std::string> digits(n);
        for (std::size_t i = 0; i != n; ++i)
            digits[i] = std::to_string(i % 10);
        const auto taken =
            parmap::indices(n) | std::views::transform([&](std::size_t i) -> std::string&& {
                return std::move(digits[i]);
            });
        REQUIRE(parmap::inclusive_scan(taken, joined, now.options()).back() == expected);
    });
}

TEST_CASE("an operation that throws leaves nothing behind", "[algorithm][scan]") {
    // Copied, unlike `counted`, and long enough to need memory that a leak would show.
    struct word {
        std::string text = std::string(100, 'x');
    };
    for (std::size_t bad = 1; bad != 49; ++bad) {
        for_each_setting([&](const setting& now) {
            std::atomic<std::size_t> calls = 0;
            const auto op = [&](const word& a, const word&) {
                if (++calls >= bad)
                    throw item_error(0);
                return a;
            };
            const std::vector<word> words(50);
            REQUIRE(failing_index([&] {
                        parmap::exclusive_scan(words, word(), op, now.options());
                    }).has_value());
            calls = 0;
            REQUIRE(failing_index([&] {
                        parmap::inclusive_scan(words, op, now.options());
                    }).has_value());
        });
    }
}

TEST_CASE("an operation that throws: the same exception whatever the setting",
          "[algorithm][scan]") {
    std::vector<std::size_t> x(200, 1);
    for (const std::size_t bad : std::initializer_list<std::size_t>{2, 3, 17, 100, 200}) {
        const auto op = [bad](std::size_t a, std::size_t b) {
            if (a + b >= bad)
                throw item_error(a + b);
            return a + b;
        };
        const auto fails = [&](const parmap::options& how) {
            return failing_index([&] { parmap::inclusive_scan(x, op, how); });
        };
        const auto expected = fails({.schedule = parmap::schedule::serial});
        REQUIRE(expected.has_value());
        for_each_setting([&](const setting& now) { REQUIRE(fails(now.options()) == expected); });
    }
}
