// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/item_error.hpp"
#include "support/schedules.hpp"

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <list>
#include <parmap/parmap.hpp>
#include <string>
#include <unordered_map>
#include <vector>

using namespace parmap_test;

namespace {

constexpr auto by_seven = [](std::size_t i) { return i % 7; };
constexpr auto name = [](std::size_t i) { return std::to_string(i) + ","; };
const auto joined = [](std::string a, const std::string& b) { return std::move(a) + b; };

} // namespace

TEST_CASE("reduce_by combines each group in input order, with init once",
          "[algorithm][reduce_by]") {
    for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 33, 1000}) {
        std::unordered_map<std::size_t, std::string> expected;
        for (std::size_t i = 0; i != n; ++i) {
            auto& group = expected.try_emplace(by_seven(i), "<").first->second;
            group += name(i);
        }
        std::list<std::size_t> listed;
        for (std::size_t i = 0; i != n; ++i)
            listed.push_back(i);
        for_each_setting([&](const setting& now) {
            REQUIRE(parmap::reduce_by(parmap::indices(n), by_seven, name, std::string("<"), joined,
                                      now.options()) == expected);
            REQUIRE(parmap::reduce_by(listed, by_seven, name, std::string("<"), joined,
                                      now.options()) == expected);
        });
    }
}

TEST_CASE("reduce_by of floating point has the same bits everywhere", "[algorithm][reduce_by]") {
    const auto value = [](std::size_t i) { return 1.0 / static_cast<double>(i + 1); };
    const auto of = [&](const parmap::options& how) {
        return parmap::reduce_by(parmap::indices(20'000), by_seven, value, 0.0, std::plus<>(), how);
    };
    const auto serial = of({.schedule = parmap::schedule::serial});
    for_each_setting({0, 1, 64}, [&](const setting& now) { REQUIRE(of(now.options()) == serial); });
}

TEST_CASE("key, value and op that throw: always the same exception", "[algorithm][reduce_by]") {
    for (const std::size_t bad : std::initializer_list<std::size_t>{0, 1, 37, 199}) {
        const auto key = [bad](std::size_t i) {
            if (i >= bad)
                throw item_error(i);
            return i % 7;
        };
        const auto value = [bad](std::size_t i) {
            if (i >= bad)
                throw item_error(i);
            return i;
        };
        const auto op = [bad](std::size_t a, std::size_t b) {
            if (a + b >= 10 * bad)
                throw item_error(a + b);
            return a + b;
        };
        const auto of_op = [&](const parmap::options& how) {
            return failing_index([&] {
                parmap::reduce_by(
                    parmap::indices(200), by_seven, [](std::size_t i) { return i; }, std::size_t{0},
                    op, how);
            });
        };
        const auto expected = of_op({.schedule = parmap::schedule::serial});
        for_each_setting([&](const setting& now) {
            REQUIRE(failing_index([&] {
                        parmap::reduce_by(parmap::indices(200), key, value, std::size_t{0},
                                          std::plus<>(), now.options());
                    }) == bad);
            REQUIRE(failing_index([&] {
                        parmap::reduce_by(parmap::indices(200), by_seven, value, std::size_t{0},
                                          std::plus<>(), now.options());
                    }) == bad);
            REQUIRE(of_op(now.options()) == expected);
        });
    }
}
