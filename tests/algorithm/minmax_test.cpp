// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <list>
#include <memory>
#include <parmap/parmap.hpp>
#include <random>
#include <ranges>
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
    for (const std::size_t at : std::initializer_list<std::size_t>{0, 7, 30, 1100}) {
        std::vector<double> x(2000, 0.0);
        x[at] = -0.0;
        CHECK(std::signbit(*parmap::min(x)) == (at == 0));
        CHECK(std::signbit(parmap::minmax(x)->max) == (at == 0));
    }
}

TEST_CASE("the greatest of all numbers may be the least of a range", "[algorithm][minmax]") {
    const auto check = [](auto least, auto greatest) {
        using S = decltype(least);
        for (const std::size_t n : std::initializer_list<std::size_t>{1, 40, 1500}) {
            CHECK(parmap::min(std::vector<S>(n, greatest)) == greatest);
            CHECK(parmap::argmin(std::vector<S>(n, greatest)) == 0U);
            CHECK(parmap::max(std::vector<S>(n, least)) == least);
            CHECK(parmap::argmax(std::vector<S>(n, least)) == 0U);
        }
    };
    constexpr double infinity = std::numeric_limits<double>::infinity();
    check(-infinity, infinity);
    check(std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    check(std::numeric_limits<std::uint8_t>::min(), std::numeric_limits<std::uint8_t>::max());
    check(-static_cast<long double>(infinity), static_cast<long double>(infinity));
}

TEST_CASE("what can only be moved has a least, and not both", "[algorithm][minmax]") {
    struct token {
        explicit token(int v) : value(std::make_unique<int>(v)) {}
        bool operator<(const token& other) const { return *value < *other.value; }
        std::unique_ptr<int> value;
    };
    auto tokens =
        std::views::iota(1, 9) | std::views::transform([](int i) { return token(9 - i); });
    CHECK(*parmap::min(tokens)->value == 1);
    static_assert(parmap::range_of_ordered_elements<decltype(tokens)>);
    static_assert(!parmap::range_of_copyable_ordered_elements<decltype(tokens)>);
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
