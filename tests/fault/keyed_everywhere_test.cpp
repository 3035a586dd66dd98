// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <numeric>
#include <optional>
#include <parmap/parmap.hpp>
#include <stop_token>
#include <utility>
#include <vector>

using namespace parmap_test;

// Every call that a keyed verb makes fails in turn: the exception that leaves tells of the element,
// and nothing made of any element is left behind.

namespace {

constexpr std::size_t count = 120;
constexpr std::size_t none = count;

/// For which element each kind of call throws.
struct plan {
    std::size_t key = none, hash = none, value = none, op = none;
};

plan fails; // written before a call, read during it

void fail_at(std::size_t bad, std::size_t element) {
    if (bad == element)
        throw item_error(element);
}

/// A key or a value that knows which element it was made of.
struct piece {
    piece(std::size_t what_number, std::size_t of_element)
        : number(what_number), element(of_element), tracked(0) {}
    piece(const piece& other) : piece(other.number, other.element) {}
    piece(piece&&) = default;
    piece& operator=(piece&&) = default;
    ~piece() = default;
    friend bool operator==(const piece& a, const piece& b) { return a.number == b.number; }

    std::size_t number, element;
    counted tracked;
};

} // namespace

template <>
struct std::hash<piece> {
    std::size_t operator()(const piece& key) const {
        fail_at(fails.hash, key.element);
        return key.number;
    }
};

namespace {

piece key_of(std::size_t i) {
    fail_at(fails.key, i);
    return {i / 4 % 5, i};
}

piece value_of(std::size_t i) {
    fail_at(fails.value, i);
    return {i, i};
}

// Every element's value is the right one once, in its block or, the first there, across blocks.
piece sum_of(piece left, piece right) {
    fail_at(fails.op, right.element);
    left.number += right.number;
    return left;
}

struct counting {
    template <class Range>
    auto operator()(Range& range, const parmap::options& how) const {
        return parmap::count_by(range, key_of, how);
    }
};

struct grouping {
    template <class Range>
    auto operator()(Range& range, const parmap::options& how) const {
        return parmap::group_by(range, key_of, how);
    }
};

struct reducing {
    template <class Range>
    auto operator()(Range& range, const parmap::options& how) const {
        return parmap::reduce_by(range, key_of, value_of, piece(1'000, none + 1), sum_of, how);
    }
};

std::vector<std::size_t> numbers() {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// Calls a verb on elements reached by index and on elements that can only be walked.
template <class Verb, class Check>
void both_ways(Verb verb, const Check& check) {
    auto in_place = numbers();
    check([&](const parmap::options& how) { (void)verb(in_place, how); });
    REQUIRE(counts.balanced());
    std::list<std::size_t> walked(in_place.begin(), in_place.end());
    check([&](const parmap::options& how) { (void)verb(walked, how); });
    REQUIRE(counts.balanced());
}

template <class Verb>
void fails_with(const plan& now_fails, std::size_t expected, const setting& now, Verb verb) {
    fails = now_fails;
    both_ways(verb, [&](const auto& call) {
        REQUIRE(failing_index([&] { call(now.options()); }) == expected);
    });
    fails = {};
}

} // namespace

TEST_CASE("a keyed verb that fails at any one call", "[fault][keyed]") {
    const watchdog guard("keyed: any one call");
    counts.reset();
    for_each_setting([](const setting& now) {
        for (const std::size_t i : std::initializer_list<std::size_t>{0, 1, 42, 43, 119}) {
            fails_with({.key = i}, i, now, counting());
            fails_with({.hash = i}, i, now, counting());
            fails_with({.key = i}, i, now, grouping());
            fails_with({.hash = i}, i, now, grouping());
            fails_with({.key = i}, i, now, reducing());
            fails_with({.hash = i}, i, now, reducing());
            fails_with({.value = i}, i, now, reducing());
            fails_with({.op = i}, i, now, reducing());
        }
    });
}

TEST_CASE("of two calls that fail, that of the lower element counts", "[fault][keyed]") {
    const watchdog guard("keyed: two calls");
    counts.reset();
    for_each_setting([](const setting& now) {
        fails_with({.key = 70, .value = 30}, 30, now, reducing());
        fails_with({.key = 30, .value = 70}, 30, now, reducing());
        fails_with({.hash = 43, .op = 91}, 43, now, reducing());
        fails_with({.hash = 91, .op = 43}, 43, now, reducing());
    });
}

TEST_CASE("a keyed verb that is stopped at any element, or too late", "[fault][keyed]") {
    const watchdog guard("keyed: stopped");
    counts.reset();
    const auto stopped_at = [](std::size_t k, const setting& now, auto verb) {
        std::stop_source source;
        const auto key = [&](std::size_t i) {
            if (i == k)
                source.request_stop();
            return key_of(i);
        };
        both_ways([&](auto& range, const parmap::options& how) { (void)verb(range, key, how); },
                  [&](const auto& call) {
                      source = std::stop_source();
                      auto how = now.options();
                      how.stop = source.get_token();
                      try {
                          call(how);
                      } catch (const parmap::operation_cancelled& stopped) {
                          REQUIRE(stopped.done() <= count);
                      }
                  });
    };
    for_each_setting([&](const setting& now) {
        for (const std::size_t k : std::initializer_list<std::size_t>{0, 50, 119}) {
            stopped_at(k, now, [](auto& range, auto& key, const parmap::options& how) {
                return parmap::count_by(range, key, how);
            });
            stopped_at(k, now, [](auto& range, auto& key, const parmap::options& how) {
                return parmap::reduce_by(range, key, value_of, piece(0, none + 1), sum_of, how);
            });
        }
        auto late = now.options();
        late.deadline = std::chrono::steady_clock::now();
        const auto too_late = [&](const auto& call) {
            REQUIRE_THROWS_AS(call(late), parmap::deadline_exceeded);
        };
        both_ways(counting(), too_late);
        both_ways(grouping(), too_late);
        both_ways(reducing(), too_late);
    });
}

TEST_CASE("what an element throws leaves a keyed verb that it has stopped before",
          "[fault][keyed]") {
    const watchdog guard("keyed: stopped, then thrown");
    counts.reset();
    const auto thrown_at = [](std::size_t bad, const setting& now, auto verb) {
        std::stop_source source;
        std::optional<call_log> log;
        const auto key = [&](std::size_t i) {
            const auto inside = log->enter(i);
            if (i == bad)
                source.request_stop();
            fail_at(bad, i);
            return key_of(i);
        };
        both_ways([&](auto& range, const parmap::options& how) { (void)verb(range, key, how); },
                  [&](const auto& call) {
                      source = std::stop_source();
                      log.emplace(count);
                      auto how = now.options();
                      how.stop = source.get_token();
                      std::optional<std::size_t> thrown;
                      try {
                          thrown = failing_index([&] { call(how); });
                      } catch (const parmap::operation_cancelled&) {
                      }
                      REQUIRE((thrown == bad || (!thrown && !log->ran_all_below(bad))));
                  });
    };
    for_each_setting([&](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 42, 119}) {
            thrown_at(bad, now, [](auto& range, auto& key, const parmap::options& how) {
                return parmap::count_by(range, key, how);
            });
            thrown_at(bad, now, [](auto& range, auto& key, const parmap::options& how) {
                return parmap::group_by(range, key, how);
            });
            thrown_at(bad, now, [](auto& range, auto& key, const parmap::options& how) {
                return parmap::reduce_by(range, key, value_of, piece(0, none + 1), sum_of, how);
            });
        }
    });
}
