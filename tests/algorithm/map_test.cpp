// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <numeric>
#include <parmap/algorithm/map.hpp>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

std::vector<int> numbers(std::size_t n) {
    std::vector<int> all(n);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

std::vector<int> tripled(std::size_t n) {
    std::vector<int> all = numbers(n);
    for (int& x : all) {
        x = 3 * x + 1;
    }
    return all;
}

int triple(int x) {
    return 3 * x + 1;
}

struct point {
    int x = 0;
    int twice() const { return 2 * x; }
    int up() { return ++x; }
};

/// Can be neither copied nor moved: whoever calls it must call the caller's own object.
struct pinned {
    pinned() = default;
    pinned(const pinned&) = delete;
    pinned& operator=(const pinned&) = delete;
    int operator()(int x) {
        if (this != self) {
            ++strangers;
        }
        return 3 * x + 1;
    }
    const pinned* self = this;
    std::atomic<int> strangers = 0;
};

/// Counts its copies: a shared callable has none.
struct copy_counting {
    explicit copy_counting(std::atomic<int>& n) : copies(&n) {}
    copy_counting(const copy_counting& other) : copies(other.copies) { ++*copies; }
    copy_counting(copy_counting&&) = default;
    copy_counting& operator=(const copy_counting&) = default;
    copy_counting& operator=(copy_counting&&) = default;
    ~copy_counting() = default;
    int operator()(int x) const { return 3 * x + 1; }
    std::atomic<int>* copies;
};

} // namespace

TEST_CASE("parallel_map calls each item once and keeps the order", "[algorithm][map]") {
    const watchdog guard("map: order, small");
    for (const std::size_t n : small_sizes) {
        const auto in = numbers(n);
        for_each_setting(grains_for(n), [&](const setting& now) {
            call_log log(n);
            const auto out = parmap::parallel_map(
                in,
                [&](int x) {
                    const auto visit = log.enter(static_cast<std::size_t>(x));
                    return 3 * x + 1;
                },
                now.options());
            log.close();
            CHECK(out == tripled(n));
            CHECK(log.each_ran_once());
            CHECK(log.quiet());
        });
    }
}

TEST_CASE("parallel_map keeps the order of 100003 items", "[algorithm][map]") {
    const watchdog guard("map: order, large");
    const std::size_t n = 100'003;
    const auto in = numbers(n);
    const auto expected = tripled(n);
    for_each_setting(grains_for(n), [&](const setting& now) {
        CHECK((parmap::parallel_map(in, triple, now.options()) == expected));
    });
}

TEST_CASE("parallel_map keeps the order of 100003 items in tiny chunks", "[algorithm][map]") {
    const watchdog guard("map: tiny chunks");
    const std::size_t n = 100'003;
    const auto in = numbers(n);
    const auto expected = tripled(n);
    for (const auto schedule : schedules) {
        for (const std::size_t grain : {std::size_t{1}, std::size_t{7}}) {
            const setting now{schedule, 3, grain};
            INFO(now.name());
            CHECK((parmap::parallel_map(in, triple, now.options()) == expected));
        }
    }
}

TEST_CASE("parallel_map's floating-point values are the loop's, bit for bit", "[algorithm][map]") {
    const watchdog guard("map: bits");
    const std::size_t n = 10'007;
    std::vector<double> in(n);
    for (std::size_t i = 0; i < n; ++i) {
        in[i] = 1e-3 * static_cast<double>(i) - 5.0;
    }
    const auto f = [](double x) { return std::exp(x) * std::sinh(x) + x / 3.0; };
    std::vector<double> expected(n);
    for (std::size_t i = 0; i < n; ++i) {
        expected[i] = f(in[i]);
    }
    for_each_setting({0, 7, n}, [&](const setting& now) {
        CHECK((parmap::parallel_map(in, f, now.options()) == expected));
    });
}

TEST_CASE("options may be left out, or named one by one", "[algorithm][map]") {
    const auto in = numbers(100);
    CHECK(parmap::parallel_map(in, triple) == tripled(100));
    CHECK(parmap::parallel_map(in, triple, {}) == tripled(100));
    CHECK(parmap::parallel_map(in, triple, {.grain = 64}) == tripled(100));
    CHECK(parmap::parallel_map(in, triple, {.schedule = parmap::schedule::serial, .grain = 7}) ==
          tripled(100));
}

TEST_CASE("parallel_map takes whatever std::invoke takes", "[algorithm][map]") {
    const watchdog guard("map: callables");
    std::vector<point> points(1000);
    for (std::size_t i = 0; i < points.size(); ++i) {
        points[i].x = static_cast<int>(i);
    }
    const auto in = numbers(1000);
    std::vector<std::unique_ptr<point>> owners;
    for (const point& p : points) {
        owners.push_back(std::make_unique<point>(p));
    }
    for_each_setting([&](const setting& now) {
        CHECK(parmap::parallel_map(in, triple, now.options()) == tripled(1000));
        CHECK(parmap::parallel_map(in, &triple, now.options()) == tripled(1000));
        CHECK(parmap::parallel_map(in, std::function<int(int)>(triple), now.options()) ==
              tripled(1000));
        CHECK(parmap::parallel_map(
                  in, [](int x) noexcept { return 3 * x + 1; }, now.options()) == tripled(1000));
        CHECK(parmap::parallel_map(points, &point::x, now.options()) == in);
        CHECK(parmap::parallel_map(owners, &point::x, now.options()) == in);
        const auto twice = parmap::parallel_map(points, &point::twice, now.options());
        CHECK(twice.at(999) == 1998);
        auto mine = points;
        const auto up = parmap::parallel_map(mine, &point::up, now.options());
        CHECK(up.at(999) == 1000);
        CHECK(mine.at(999).x == 1000);
    });
}

TEST_CASE("one shared callable is called: never copied, never moved away", "[algorithm][map]") {
    const watchdog guard("map: one callable");
    const auto in = numbers(1000);
    for_each_setting([&](const setting& now) {
        pinned f;
        CHECK(parmap::parallel_map(in, f, now.options()) == tripled(1000));
        CHECK(f.strangers == 0);

        std::atomic<int> copies = 0;
        copy_counting counting(copies);
        CHECK(parmap::parallel_map(in, counting, now.options()) == tripled(1000));
        CHECK(parmap::parallel_map(in, copy_counting(copies), now.options()) == tripled(1000));
        CHECK(copies == 0);

        auto owner = std::make_unique<int>(3);
        const auto move_only = [owner = std::move(owner)](int x) { return *owner * x + 1; };
        CHECK(parmap::parallel_map(in, move_only, now.options()) == tripled(1000));
    });
}

TEST_CASE("a mutable callable need not be const, and keeps its state", "[algorithm][map]") {
    const watchdog guard("map: mutable");
    const auto in = numbers(500);
    for (const std::size_t threads : pool_sizes) {
        parmap::options serial{.pool = &pool_of(threads), .schedule = parmap::schedule::serial};
        int calls = 0;
        auto f = [&calls, last = 0](int x) mutable {
            ++calls;
            last += x;
            return last;
        };
        const auto first = parmap::parallel_map(in, f, serial);
        CHECK(calls == 500);
        CHECK(first.back() == 499 * 500 / 2);
        // a second map through the same object goes on where the first one stopped
        CHECK(parmap::parallel_map(in, f, serial).front() == first.back());
    }
}

TEST_CASE("an rvalue callable is called as the lvalue it is shared as", "[algorithm][map]") {
    struct picky {
        int operator()(int x) & { return x; }
        int operator()(int) && { return -1; } // a call as an rvalue could empty it for the next
    };
    for_each_setting([&](const setting& now) {
        CHECK(parmap::parallel_map(numbers(100), picky{}, now.options()) == numbers(100));
    });
}
