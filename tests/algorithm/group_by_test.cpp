// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"

#include <cstddef>
#include <initializer_list>
#include <list>
#include <memory>
#include <parmap/parmap.hpp>
#include <ranges>
#include <unordered_map>
#include <vector>

using namespace parmap_test;

TEST_CASE("group_by keeps groups in input order, under every setting", "[algorithm][group_by]") {
    for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 33, 1000, 5000}) {
        const auto key = [](std::size_t i) { return i * i % 11; };
        std::unordered_map<std::size_t, std::vector<std::size_t>> expected;
        std::list<std::size_t> listed;
        for (std::size_t i = 0; i != n; ++i) {
            expected[key(i)].push_back(i);
            listed.push_back(i);
        }
        for_each_setting([&](const setting& now) {
            REQUIRE(parmap::group_by(parmap::indices(n), key, now.options()) == expected);
            REQUIRE(parmap::group_by(listed, key, now.options()) == expected);
        });
    }
}

TEST_CASE("groups of what can only be moved", "[algorithm][group_by]") {
    auto groups = parmap::group_by(
        one_pass(100, [](std::size_t i) { return std::make_unique<std::size_t>(i); }),
        [](const std::unique_ptr<std::size_t>& p) { return *p % 3; });
    REQUIRE(groups.size() == 3);
    REQUIRE(groups[1].size() == 33);
    CHECK(*groups[1][32] == 97);
}

TEST_CASE("a key function that throws: the lowest index leaves, and nothing leaks",
          "[algorithm][group_by]") {
    for_each_setting([](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 1, 50, 99}) {
            counts.reset();
            const auto make = [](std::size_t i) { return counted(static_cast<long>(i)); };
            const auto key = [bad](const counted& c) {
                if (static_cast<std::size_t>(c.value()) >= bad)
                    throw item_error(static_cast<std::size_t>(c.value()));
                return c.value() % 5;
            };
            REQUIRE(failing_index(
                        [&] { parmap::group_by(one_pass(100, make), key, now.options()); }) == bad);
            REQUIRE(counts.balanced());
        }
    });
}
