// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <cstddef>
#include <list>
#include <numeric>
#include <optional>
#include <parmap/parmap.hpp>
#include <random>
#include <stop_token>
#include <vector>

using namespace parmap_test;

// A reduction evaluates a tree: what a serial walk over it would let out is written down here once
// more, as plainly as can be.

namespace {

constexpr std::size_t init_first = 1'000; // before the first element

/// The elements that a value covers, in order: tells whether two may be combined, and how.
struct cover {
    cover(std::size_t from, std::size_t to) : begin(from), end(to), tracked(0) {}
    std::size_t begin, end;
    counted tracked;
};

/// What fails: the map of an element, or the combination of all from `begin` up to `end`.
struct plan {
    std::vector<bool> maps;
    std::optional<std::pair<std::size_t, std::size_t>> combination;
};

struct step {
    std::size_t begin, end; // of a combination; one element's map if there is no middle
    std::size_t middle;
};

std::size_t code(std::size_t begin, std::size_t end) {
    return 100 * (end + 1) + begin;
}

/// Every call of a serial walk over the tree, in order.
std::vector<step> serial_walk(std::size_t n) {
    std::vector<step> walk;
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < n; ++i) {
        walk.push_back({i, i + 1, i});
        begins.push_back(i);
        for (std::size_t size = 2; (i + 1) % size == 0; size *= 2) {
            const std::size_t middle = begins.back();
            begins.pop_back();
            walk.push_back({begins.back(), i + 1, middle});
        }
    }
    for (; begins.size() > 1; begins.pop_back())
        walk.push_back({begins[begins.size() - 2], n, begins.back()});
    if (n > 0)
        walk.push_back({init_first, n, 0});
    return walk;
}

template <class Range>
std::optional<std::size_t> failure_of(Range&& range, const plan& fails, const parmap::options& how,
                                      std::atomic<bool>& wrong_order) {
    const auto map = [&](std::size_t i) {
        if (fails.maps[i])
            throw item_error(code(i, i + 1));
        return cover(i, i + 1);
    };
    const auto op = [&](cover left, cover right) {
        if (left.end != right.begin)
            wrong_order = true;
        if (fails.combination == std::pair(left.begin, right.end))
            throw item_error(code(left.begin, right.end) + 50'000);
        left.end = right.end;
        return left;
    };
    return failing_index(
        [&] { (void)parmap::map_reduce(range, map, cover(init_first, 0), op, how); });
}

std::optional<std::size_t> expected_failure(const std::vector<step>& walk, const plan& fails) {
    for (const step& s : walk) {
        const bool is_map = s.middle == s.begin;
        if (is_map && fails.maps[s.begin])
            return code(s.begin, s.end);
        if (!is_map && fails.combination == std::pair(s.begin, s.end))
            return code(s.begin, s.end) + 50'000;
    }
    return std::nullopt;
}

void check(std::size_t n, const plan& fails, const setting& now) {
    std::vector<std::size_t> numbers(n);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    const std::list<std::size_t> listed(numbers.begin(), numbers.end());
    const auto expected = expected_failure(serial_walk(n), fails);
    std::atomic<bool> wrong_order = false;
    REQUIRE(failure_of(numbers, fails, now.options(), wrong_order) == expected);
    REQUIRE(counts.balanced());
    REQUIRE(failure_of(listed, fails, now.options(), wrong_order) == expected);
    REQUIRE(counts.balanced());
    REQUIRE_FALSE(wrong_order);
}

plan nothing_fails(std::size_t n) {
    return {std::vector<bool>(n, false), std::nullopt};
}

} // namespace

TEST_CASE("a reduction that fails at any one call", "[fault][reduce]") {
    const watchdog guard("reduce: any one call");
    counts.reset();
    for_each_setting([](const setting& now) {
        for (const std::size_t n : {1u, 2u, 3u, 7u, 21u}) {
            check(n, nothing_fails(n), now);
            for (const step& s : serial_walk(n)) {
                plan fails = nothing_fails(n);
                if (s.middle == s.begin) {
                    fails.maps[s.begin] = true;
                } else {
                    fails.combination = std::pair(s.begin, s.end);
                }
                check(n, fails, now);
            }
        }
    });
}

TEST_CASE("of a failing map and a failing combination the earlier one counts", "[fault][reduce]") {
    const watchdog guard("reduce: two failures");
    counts.reset();
    std::mt19937 random(20261125);
    for (int round = 0; round < 1500; ++round) {
        const setting now{schedules[random() % 4], pool_sizes[random() % 4], random() % 4};
        const std::size_t n = 1 + random() % 60;
        const auto walk = serial_walk(n);
        plan fails = nothing_fails(n);
        const step& s = walk[random() % walk.size()];
        if (s.middle != s.begin)
            fails.combination = std::pair(s.begin, s.end);
        fails.maps[random() % n] = true;
        INFO("round " << round << ", " << now.name() << ", n " << n);
        check(n, fails, now);
    }
}

TEST_CASE("a reduction stopped at any call leaves nothing behind", "[fault][reduce]") {
    const watchdog guard("reduce: stopped");
    counts.reset();
    for_each_setting([](const setting& now) {
        for (std::size_t k = 0; k < 33; k += 4) {
            std::stop_source source;
            auto how = now.options();
            how.stop = source.get_token();
            const auto map = [&](std::size_t i) {
                if (i == k)
                    source.request_stop();
                return cover(i, i + 1);
            };
            const auto op = [](cover left, cover right) {
                left.end = right.end;
                return left;
            };
            try {
                const cover all =
                    parmap::map_reduce(parmap::indices(33), map, cover(init_first, 0), op, how);
                REQUIRE(all.end == 33);
            } catch (const parmap::operation_cancelled& stopped) {
                REQUIRE(stopped.done() < 33);
                REQUIRE(stopped.total() == 33);
            }
            REQUIRE(counts.balanced());
        }
    });
}

TEST_CASE("a combination that fails below where a stop left off still counts", "[fault][reduce]") {
    for_each_setting([](const setting& now) {
        std::stop_source source;
        auto how = now.options();
        how.stop = source.get_token();
        const auto map = [&](std::size_t i) {
            if (i == 20)
                source.request_stop();
            return i;
        };
        const auto op = [](std::size_t left, std::size_t right) {
            if (left == 0 && right == 1)
                throw item_error(1);
            return left + right;
        };
        bool cancelled = false;
        std::optional<std::size_t> failed;
        try {
            failed = failing_index([&] {
                (void)parmap::map_reduce(parmap::indices(40), map, std::size_t{7}, op, how);
            });
        } catch (const parmap::operation_cancelled&) {
            cancelled = true; // elements 0 and 1 were not both reached
        }
        REQUIRE((cancelled || failed == std::size_t{1}));
        if (now.schedule == parmap::schedule::serial)
            REQUIRE(failed == std::size_t{1});
    });
}

TEST_CASE("combinations are shared among threads", "[fault][reduce]") {
    std::atomic<int> inside = 0;
    std::atomic<int> most = 0;
    const auto op = [&](int a, int b) {
        const int now = ++inside;
        int known = most;
        while (now > known && !most.compare_exchange_weak(known, now)) {
        }
        sleep_us(300);
        --inside;
        return a + b;
    };
    const std::vector<int> ones(256, 1);
    CHECK(parmap::parallel_reduce(
              ones, 0, op, {.pool = &pool_of(3), .schedule = parmap::schedule::balanced}) == 256);
    CHECK(most > 1);
}
