// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <list>
#include <memory>
#include <parmap/parmap.hpp>
#include <random>
#include <string>
#include <vector>

using namespace parmap_test;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST_CASE("least and greatest, first of equals, under every setting", "[algorithm][minmax]") {
    for (const std::size_t n :
         std::initializer_list<std::size_t>{1, 2, 15, 16, 17, 1023, 1024, 1025, 4000}) {
        std::mt19937 random(static_cast<unsigned>(n));
        std::vector<int> x(n);
        for (int& value : x)
            value = static_cast<int>(random() % (n / 3 + 1));
        const auto least = std::min_element(x.begin(), x.end());
        const auto greatest = std::max_element(x.begin(), x.end());
        const auto place = [&](auto at) { return static_cast<std::size_t>(at - x.begin()); };
        const std::list<int> listed(x.begin(), x.end());
        for_each_setting([&](const setting& now) {
            const auto how = now.options();
            REQUIRE(parmap::min(x, how) == *least);
            REQUIRE(parmap::max(x, how) == *greatest);
            REQUIRE(parmap::argmin(x, how) == place(least));
            REQUIRE(parmap::argmax(x, how) == place(greatest));
            REQUIRE(parmap::argmin(listed, how) == place(least));
            REQUIRE(parmap::argmax(listed, how) == place(greatest));
            const auto both = parmap::minmax(x, how);
            REQUIRE(both->min == *least);
            REQUIRE(both->max == *greatest);
        });
    }
}

TEST_CASE("nothing has no least", "[algorithm][minmax]") {
    CHECK_FALSE(parmap::min(std::vector<int>()));
    CHECK_FALSE(parmap::max(std::list<std::string>()));
    CHECK_FALSE(parmap::minmax(std::vector<std::string>()));
    CHECK_FALSE(parmap::minmax(std::vector<double>()));
    CHECK_FALSE(parmap::argmin(std::vector<double>()));
}

TEST_CASE("the first NaN is the result wherever it stands", "[algorithm][minmax]") {
    for (const std::size_t at :
         std::initializer_list<std::size_t>{0, 1, 15, 16, 1023, 1024, 2999}) {
        std::vector<double> x(3000, 1.0);
        x[at] = not_a_number;
        if (at + 1 != x.size())
            x[at + 1] = not_a_number;
        for_each_setting([&](const setting& now) {
            REQUIRE(std::isnan(*parmap::min(x, now.options())));
            REQUIRE(std::isnan(*parmap::max(x, now.options())));
            REQUIRE(parmap::argmin(x, now.options()) == at);
            REQUIRE(parmap::argmax(x, now.options()) == at);
        });
    }
}

TEST_CASE("zeros of both signs are equal, so that the first one is the result",
          "[algorithm][minmax]") {
    CHECK_FALSE(std::signbit(*parmap::min(std::vector<double>{1, 0.0, -0.0})));
    CHECK(std::signbit(*parmap::min(std::vector<double>{1, -0.0, 0.0})));
    CHECK(std::signbit(*parmap::max(std::vector<double>{-1, -0.0, 0.0})));
}

TEST_CASE("elements of any ordered type", "[algorithm][minmax]") {
    const std::vector<std::string> words{"pear", "apple", "plum", "apple"};
    for_each_setting([&](const setting& now) {
        REQUIRE(parmap::min(words, now.options()) == "apple");
        REQUIRE(parmap::max(words, now.options()) == "plum");
        REQUIRE(parmap::argmin(words, now.options()) == 1);
        REQUIRE(parmap::argmax(words, now.options()) == 2);
        REQUIRE(parmap::minmax(words, now.options())->max == "plum");
    });
    CHECK(parmap::min(std::vector<bool>{true, false}) == false);
}
