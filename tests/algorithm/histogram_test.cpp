// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/schedules.hpp"

#include <cstddef>
#include <limits>
#include <list>
#include <parmap/parmap.hpp>
#include <stdexcept>
#include <string>
#include <vector>

using namespace parmap_test;

TEST_CASE("histogram counts each bin, the last one closed, under every setting",
          "[algorithm][histogram]") {
    const double infinity = std::numeric_limits<double>::infinity();
    std::vector<double> x{
        0,      0.5,    1,        9.999,     10,
        10.001, -0.001, infinity, -infinity, std::numeric_limits<double>::quiet_NaN()};
    for (int i = 0; i != 5000; ++i)
        x.push_back(static_cast<double>(i % 10));
    const std::list<double> listed(x.begin(), x.end());
    const std::vector<std::size_t> expected{502, 501, 500, 500, 500, 500, 500, 500, 500, 502};
    for_each_setting([&](const setting& now) {
        REQUIRE(parmap::histogram(x, 10, 0, 10, now.options()) == expected);
        REQUIRE(parmap::histogram(listed, 10, 0, 10, now.options()) == expected);
    });
    CHECK(parmap::histogram(std::vector<int>(), 3, 0, 1) == std::vector<std::size_t>{0, 0, 0});
    CHECK(parmap::histogram(std::vector<int>{1, 2, 3, 4}, 2, 1, 4) ==
          std::vector<std::size_t>{2, 2});
}

TEST_CASE("bounds and bins that make no sense are refused, by name", "[algorithm][histogram]") {
    const std::vector<double> x{1};
    const auto message = [&](std::size_t bins, double low, double high) {
        try {
            parmap::histogram(x, bins, low, high);
        } catch (const std::invalid_argument& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(message(0, 0, 1).find("bins") != std::string::npos);
    CHECK(message(3, 1, 1).find("low") != std::string::npos);
    CHECK(message(3, 2, 1).find("low") != std::string::npos);
    CHECK_FALSE(message(3, 0, std::numeric_limits<double>::infinity()).empty());
    CHECK_FALSE(message(3, 0, std::numeric_limits<double>::quiet_NaN()).empty());
    CHECK_FALSE(message(3, -1e308, 1e308).empty());
}
