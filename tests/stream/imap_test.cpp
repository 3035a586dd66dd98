// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <list>
#include <numeric>
#include <parmap/core/indices.hpp>
#include <parmap/core/options.hpp>
#include <parmap/stream/imap.hpp>
#include <ranges>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

const auto square = [](std::size_t i) { return i * i; };

std::vector<std::size_t> squares(std::size_t n) {
    std::vector<std::size_t> all(n);
    for (std::size_t i = 0; i != n; ++i)
        all[i] = i * i;
    return all;
}

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
}
