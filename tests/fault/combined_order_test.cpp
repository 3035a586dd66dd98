// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/failing_pieces.hpp"
#include "support/gate.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <parmap/parmap.hpp>
#include <ranges>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <vector>

using namespace parmap_test;

// Verbs that compare or combine elements by functions that throw.

namespace {

struct firsts {
    std::size_t k;
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::top_k(range, k, std::less<>(), how);
    }
};

struct scanning {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::inclusive_scan(range, sum_of, how);
    }
};

struct scanning_before {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::exclusive_scan(range, piece(0, 999), sum_of, how);
    }
};

struct least_and_greatest {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::minmax(range, how);
    }
};

struct place_of_greatest {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::argmax(range, how);
    }
};

struct keeping {
    auto operator()(auto& range, const parmap::options& how) const {
        const auto odd = [](const piece& element) {
            fail_at(fails.key, 3, element.element);
            return element.number % 2 == 1;
        };
        return parmap::parallel_filter(range, odd, how);
    }
};

/// Sorts copies of the elements that it is given.
struct sorting {
    auto operator()(auto& range, const parmap::options& how) const {
        std::vector<piece> all;
        for (auto&& element : range)
            all.emplace_back(element.number, element.element);
        parmap::parallel_sort(all, std::less<>(), {}, how);
    }
};

} // namespace

TEST_CASE("top_k fails the same way everywhere", "[fault][top_k]") {
    require_same_failures("top_k, 3", firsts{3});
    require_same_failures("top_k, 100", firsts{100});
}

TEST_CASE("scans fail the same way everywhere", "[fault][scan]") {
    require_same_failures("inclusive_scan", scanning());
    require_same_failures("exclusive_scan", scanning_before());
}

TEST_CASE("extremes, filters and sorting fail the same way everywhere", "[fault][minmax]") {
    require_same_failures("minmax", least_and_greatest());
    require_same_failures("argmax", place_of_greatest());
    require_same_failures("parallel_filter", keeping());
    require_same_failures("parallel_sort", sorting());
}

TEST_CASE("what is compared or combined at a lower element comes first", "[fault][scan]") {
    require_failure("top_k", 1'300, {.read = {1'200}, .pair = {20}}, code_of(6, 20), firsts{5});
    const failing plan{.read = {50}, .step = {20}};
    require_failure("inclusive_scan", 120, plan, code_of(7, 20), scanning());
    require_failure("exclusive_scan", 120, plan, code_of(7, 20), scanning_before());
}

TEST_CASE("what an element throws leaves a scan that it has stopped before", "[fault][scan]") {
    const watchdog guard("scan: stopped, then thrown");
    constexpr std::size_t bad = 15; // the last of the second block
    const auto check = [&](parmap::schedule schedule, auto scan_of, const auto& before) {
        std::stop_source source;
        const auto read = [&](std::size_t i) {
            before(i);
            if (i == bad) {
                source.request_stop();
                throw item_error(i);
            }
            return i;
        };
        const parmap::options how{
            .pool = &pool_of(2), .schedule = schedule, .grain = 8, .stop = source.get_token()};
        REQUIRE(failing_index([&] { (void)scan_of(std::views::transform(read), how); }) == bad);
    };
    rendezvous both(2); // so that the second block is summed before the first has been written
    check(
        parmap::schedule::balanced,
        [](auto read, const parmap::options& how) {
            return parmap::inclusive_scan(parmap::indices(32) | read, std::plus<>(), how);
        },
        [&both](std::size_t i) {
            if (i == 7 || i == bad)
                both.arrive();
        });
    REQUIRE(both.met());
    const std::list<std::size_t> walked{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    check(
        parmap::schedule::serial,
        [&walked](auto read, const parmap::options& how) {
            return parmap::inclusive_scan(walked | read, std::plus<>(), how);
        },
        [](std::size_t) {});
}

TEST_CASE("a stop that every element has run before comes too late for filters and counts",
          "[fault][filter]") {
    const auto stopped_in_last = [](const setting& now, auto verb) {
        std::stop_source source;
        call_log log(100);
        const auto is_odd = [&](std::size_t i) {
            const auto inside = log.enter(i);
            if (i == 99)
                source.request_stop();
            return i % 2 == 1;
        };
        auto how = now.options();
        how.stop = source.get_token();
        std::size_t seen = 0;
        try {
            seen = verb(is_odd, how);
        } catch (const parmap::operation_cancelled&) {
        }
        REQUIRE((seen == 50 || (seen == 0 && !log.ran_all_below(100))));
    };
    for_each_setting([&](const setting& now) {
        stopped_in_last(now, [](auto& is_odd, const parmap::options& how) {
            return parmap::parallel_filter(parmap::indices(100), is_odd, how).size();
        });
        stopped_in_last(now, [](auto& is_odd, const parmap::options& how) {
            return parmap::count_by(parmap::indices(100), is_odd, how)[true];
        });
    });
}
