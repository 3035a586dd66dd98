// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/one_pass.hpp"
#include "support/pools.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <parmap/core/grid.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/options.hpp>
#include <parmap/core/zip.hpp>
#include <parmap/stream/imap.hpp>
#include <ranges>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

template <class Stream>
auto all_of(Stream stream) {
    std::vector<std::ranges::range_value_t<Stream>> all;
    for (auto&& y : stream)
        all.push_back(std::move(y));
    return all;
}

} // namespace

TEST_CASE("imap takes the ranges that parallel_map takes", "[stream][imap]") {
    const watchdog dog("ranges of streams");
    for (const std::size_t threads : pool_sizes) {
        const parmap::options how{.pool = &pool_of(threads), .window = 5};
        const std::list<int> listed{1, 2, 3, 4, 5, 6, 7, 8, 9};
        CHECK(all_of(parmap::imap(
                  listed, [](int i) { return -i; }, how)) ==
              std::vector{-1, -2, -3, -4, -5, -6, -7, -8, -9});
        CHECK(all_of(parmap::imap(
                         one_pass(9, [](std::size_t i) { return std::to_string(i); }),
                         [](std::string s) { return s + "!"; }, how))
                  .back() == "8!");
        CHECK(all_of(parmap::imap(
                  parmap::grid(2, 3), [](auto i, auto j) { return 10 * i + j; }, how)) ==
              std::vector<std::size_t>{0, 1, 2, 10, 11, 12});
        const std::vector<int> a{1, 2, 3};
        std::vector<std::string> b{"a", "b", "c"};
        CHECK(all_of(parmap::imap(
                  parmap::zip(a, b), [](int n, const std::string& s) { return s + char('0' + n); },
                  how)) == std::vector<std::string>{"a1", "b2", "c3"});
        std::map<int, std::string> mapped{{1, "one"}, {2, "two"}};
        CHECK(all_of(parmap::imap(
                  mapped, [](auto& entry) { return entry.second.size(); }, how)) ==
              std::vector<std::size_t>{3, 3});
    }
}

TEST_CASE("elements of an lvalue are referred to, an rvalue lives in the stream",
          "[stream][imap]") {
    std::vector<int> numbers{1, 2, 3};
    CHECK(all_of(parmap::imap(numbers, [](int& i) { return i *= 2; })) == numbers);
    CHECK(numbers == std::vector{2, 4, 6});
    auto stream =
        parmap::imap(std::vector<std::string>(40, std::string(100, 'x')), &std::string::size);
    auto moved = std::move(stream);
    CHECK(all_of(std::move(moved)) == std::vector<std::size_t>(40, 100));
}

TEST_CASE("results may be moved from, or be of any type that is a value", "[stream][imap]") {
    for (auto&& p : parmap::imap(parmap::indices(20),
                                 [](std::size_t i) { return std::make_unique<std::size_t>(i); })) {
        const auto mine = std::move(p);
        REQUIRE(*mine < 20);
    }
    const std::vector<bool> bits{true, false, true};
    CHECK(all_of(parmap::imap(bits, [](bool b) { return !b; })) ==
          std::vector<bool>{false, true, false});
}

TEST_CASE("a stream is iterated with algorithms and views", "[stream][imap]") {
    const watchdog dog("streams in views");
    std::istringstream text("one two three four");
    std::vector<std::size_t> lengths;
    std::ranges::copy(parmap::imap(std::views::istream<std::string>(text), &std::string::size),
                      std::back_inserter(lengths));
    CHECK(lengths == std::vector<std::size_t>{3, 3, 5, 4});
    auto even = parmap::imap(std::views::iota(1), [](int i) { return i * i; }) |
                std::views::filter([](int y) { return y % 2 == 0; }) | std::views::take(3);
    std::vector<int> seen;
    for (const int y : even)
        seen.push_back(y);
    CHECK(seen == std::vector{4, 16, 36});
    // A stream of a stream.
    auto inner = parmap::imap(parmap::indices(300), [](std::size_t i) { return i + 1; });
    auto outer = parmap::imap(std::move(inner), [](std::size_t i) { return i * 2; });
    std::size_t expected = 2;
    for (const std::size_t y : outer) {
        REQUIRE(y == expected);
        expected += 2;
    }
    CHECK(expected == 602);
}
