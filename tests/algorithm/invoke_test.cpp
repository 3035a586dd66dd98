// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/watchdog.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <parmap/algorithm/invoke.hpp>
#include <parmap/algorithm/map.hpp>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

int seven() {
    return 7;
}

const std::string text = "text";

long fib(int n) {
    if (n < 2) {
        return n;
    }
    const auto [a, b] =
        parmap::parallel_invoke([n] { return fib(n - 1); }, [n] { return fib(n - 2); });
    return a + b;
}

struct pinned {
    pinned() = default;
    pinned(const pinned&) = delete;
    pinned& operator=(const pinned&) = delete;
    int operator()() { return ++calls; }
    int calls = 0;
};

} // namespace

TEST_CASE("parallel_invoke gives a tuple of results in argument order", "[algorithm][invoke]") {
    const watchdog guard("invoke: results");
    for (int round = 0; round < 100; ++round) {
        const auto out =
            parmap::parallel_invoke(seven, [] { return std::string("two"); }, [] { return 3.5; });
        STATIC_REQUIRE(std::is_same_v<decltype(out), const std::tuple<int, std::string, double>>);
        CHECK(out == std::tuple(7, std::string("two"), 3.5));
    }
}

TEST_CASE("void results are std::monostate", "[algorithm][invoke]") {
    std::atomic<int> calls = 0;
    const auto out = parmap::parallel_invoke([&] { ++calls; }, seven, [&] { ++calls; });
    STATIC_REQUIRE(
        std::is_same_v<decltype(out), const std::tuple<std::monostate, int, std::monostate>>);
    CHECK(std::get<1>(out) == 7);
    CHECK(calls == 2);
}

TEST_CASE("one callable, and none, are fine", "[algorithm][invoke]") {
    CHECK(parmap::parallel_invoke(seven) == std::tuple(7));
    STATIC_REQUIRE(std::is_same_v<decltype(parmap::parallel_invoke()), std::tuple<>>);
    CHECK(parmap::parallel_invoke() == std::tuple<>());
}

TEST_CASE("ten callables run once each", "[algorithm][invoke]") {
    const watchdog guard("invoke: ten");
    for (int round = 0; round < 50; ++round) {
        std::array<std::atomic<int>, 10> ran{};
        const auto f = [&](std::size_t i) {
            return [&ran, i] {
                ++ran[i];
                return i;
            };
        };
        const auto out =
            parmap::parallel_invoke(f(0), f(1), f(2), f(3), f(4), f(5), f(6), f(7), f(8), f(9));
        std::apply([](auto... i) { CHECK(std::vector{i...}.back() == 9); }, out);
        CHECK(std::ranges::all_of(ran, [](const auto& n) { return n == 1; }));
    }
}

TEST_CASE("results may be move-only, without a default, or references", "[algorithm][invoke]") {
    counts.reset();
    {
        auto out = parmap::parallel_invoke([] { return counted(1); },
                                           [] { return std::make_unique<int>(2); },
                                           []() -> const std::string& { return text; });
        STATIC_REQUIRE(
            std::is_same_v<decltype(out), std::tuple<counted, std::unique_ptr<int>, std::string>>);
        CHECK(std::get<0>(out).value() == 1);
        CHECK(*std::get<1>(out) == 2);
        CHECK(std::get<2>(out) == text);
        CHECK(counts.live() == 1);
    }
    CHECK(counts.balanced());
}

TEST_CASE("callables are called where they are, not copied", "[algorithm][invoke]") {
    pinned a;
    pinned b;
    CHECK(parmap::parallel_invoke(a, b) == std::tuple(1, 1));
    CHECK(parmap::parallel_invoke(a, b) == std::tuple(2, 2));
    auto owner = std::make_unique<int>(5);
    const auto out = parmap::parallel_invoke([owner = std::move(owner)] { return *owner; },
                                             [n = 0]() mutable { return ++n; });
    CHECK(out == std::tuple(5, 1));
}

TEST_CASE("the first in argument order that threw is rethrown", "[algorithm][invoke][errors]") {
    const watchdog guard("invoke: first error");
    const auto failing = [](std::size_t i, std::chrono::milliseconds after) {
        return [i, after]() -> int {
            std::this_thread::sleep_for(after);
            throw item_error(i);
        };
    };
    for (int round = 0; round < 20; ++round) {
        // the later one fails long before the earlier
        CHECK(failing_index([&] {
                  return parmap::parallel_invoke(seven, failing(1, 3ms), failing(2, 0ms));
              }) == std::size_t{1});
        CHECK(failing_index([&] {
                  return parmap::parallel_invoke(failing(0, 2ms), seven, failing(2, 0ms));
              }) == std::size_t{0});
        CHECK(failing_index([&] {
                  return parmap::parallel_invoke(seven, seven, failing(2, 0ms));
              }) == std::size_t{2});
    }
    CHECK_THROWS_AS(parmap::parallel_invoke([] { throw 42; }, seven), int);
}

TEST_CASE("all run and have ended before the error leaves", "[algorithm][invoke][errors]") {
    const watchdog guard("invoke: all end");
    for (int round = 0; round < 20; ++round) {
        std::atomic<int> ended = 0;
        const auto slow = [&] {
            std::this_thread::sleep_for(2ms);
            return ++ended;
        };
        CHECK_THROWS_AS(
            parmap::parallel_invoke([] { throw item_error(0); }, slow, slow, slow, slow),
            item_error);
        CHECK(ended == 4);
    }
}

TEST_CASE("results beside an error are destroyed once", "[algorithm][invoke][errors]") {
    for (int round = 0; round < 20; ++round) {
        counts.reset();
        CHECK_THROWS_AS(parmap::parallel_invoke([] { return counted(1); },
                                                []() -> counted { throw item_error(1); },
                                                [] { return counted(3); }),
                        item_error);
        CHECK(counts.made == counts.moves + 2);
        CHECK(counts.balanced());
    }
}

TEST_CASE("parallel_invoke nests to any depth", "[algorithm][invoke][nesting]") {
    const watchdog guard("invoke: fib");
    CHECK(fib(16) == 987);
}

TEST_CASE("maps run inside parallel_invoke, and it inside maps", "[algorithm][invoke][nesting]") {
    const watchdog guard("invoke: maps");
    std::vector<int> in(200);
    std::iota(in.begin(), in.end(), 0);
    const auto next = [](int x) { return x + 1; };
    for (int round = 0; round < 20; ++round) {
        const auto [a, b] = parmap::parallel_invoke([&] { return parmap::parallel_map(in, next); },
                                                    [&] { return parmap::parallel_map(in, next); });
        CHECK(a.back() == 200);
        CHECK(a == b);
        const auto pairs = parmap::parallel_map(in, [&](int x) {
            const auto [p, q] = parmap::parallel_invoke([x] { return x; }, [x] { return 2 * x; });
            return p + q;
        });
        CHECK(pairs.back() == 3 * 199);
    }
}
