// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <limits>
#include <list>
#include <parmap/parmap.hpp>
#include <random>
#include <ranges>
#include <type_traits>
#include <vector>

using namespace parmap_test;

namespace {

// Around the length of a leaf, of a segment of lanes, and of nothing.
const std::vector<std::size_t> sizes{0, 1, 2, 15, 16, 17, 1023, 1024, 1025, 5000};

template <class T>
std::vector<T> numbers(std::size_t n) {
    std::mt19937_64 random(n + 1);
    std::vector<T> x(n);
    for (T& value : x)
        value = static_cast<T>((static_cast<double>(random() % 2'000'001) - 1e6) / 3);
    return x;
}

template <class T>
void check_bits_and_error() {
    for (const std::size_t n : sizes) {
        const auto x = numbers<T>(n);
        const T sum = parmap::sum(x, {.schedule = parmap::schedule::serial});
        const T mean = parmap::mean(x, {.schedule = parmap::schedule::serial});
        const T variance = parmap::variance(x, {.schedule = parmap::schedule::serial});
        long double exact = 0, magnitudes = 0;
        for (const T value : x) {
            exact += static_cast<long double>(value);
            magnitudes += std::abs(static_cast<long double>(value));
        }
        const long double bound = (16 + std::log2(static_cast<long double>(n) + 1)) *
                                  std::numeric_limits<T>::epsilon() / 2 * magnitudes;
        CHECK(std::abs(static_cast<long double>(sum) - exact) <= bound);
        const std::list<T> listed(x.begin(), x.end());
        const std::deque<T> deque(x.begin(), x.end());
        for_each_setting({0, 7}, [&](const setting& now) {
            const auto how = now.options();
            REQUIRE(parmap::sum(x, how) == sum);
            REQUIRE(parmap::sum(listed, how) == sum);
            REQUIRE(parmap::sum(deque, how) == sum);
            REQUIRE(parmap::sum(one_pass(n, [&](std::size_t i) { return x[i]; }), how) == sum);
            REQUIRE(parmap::sum(x | std::views::transform([](T v) { return v; }), how) == sum);
            if (n != 0) {
                REQUIRE(parmap::mean(x, how) == mean);
                REQUIRE(parmap::mean(listed, how) == mean);
                REQUIRE(parmap::variance(x, how) == variance);
                REQUIRE(parmap::variance(listed, how) == variance);
            }
        });
    }
}

} // namespace

TEST_CASE("sums of floating point: the same bits everywhere, within the bound",
          "[algorithm][sum]") {
    check_bits_and_error<double>();
    check_bits_and_error<float>();
}

TEST_CASE("sums and products of whole numbers widen", "[algorithm][sum]") {
    STATIC_REQUIRE(std::is_same_v<decltype(parmap::sum(std::vector<int>())), std::int64_t>);
    STATIC_REQUIRE(std::is_same_v<decltype(parmap::sum(std::vector<unsigned>())), std::uint64_t>);
    STATIC_REQUIRE(std::is_same_v<decltype(parmap::sum(std::vector<float>())), float>);
    CHECK(parmap::sum(std::vector<int>(3000, 2'000'000'000)) == 6'000'000'000'000);
    CHECK(parmap::sum(std::vector<signed char>(3000, -100)) == -300'000);
    CHECK(parmap::sum(std::vector<bool>{true, true, false}) == 2);
    CHECK(parmap::product(std::vector<int>(40, 2)) == std::int64_t{1} << 40);
    CHECK(parmap::product(std::vector<double>{0.5, 4}) == 2);
    CHECK(parmap::sum(std::vector<int>()) == 0);
    CHECK(parmap::product(std::list<int>()) == 1);
}

TEST_CASE("means and variances", "[algorithm][sum]") {
    CHECK(std::isnan(parmap::mean(std::vector<double>())));
    CHECK(std::isnan(parmap::variance(std::vector<double>())));
    CHECK(parmap::mean(std::vector<int>{1, 2}) == 1.5);
    CHECK(parmap::variance(std::vector<int>{1, 2, 3, 4}) == 1.25);
    CHECK(parmap::variance(std::vector<double>(5000, 1e300)) == 0);
    CHECK(parmap::mean(std::vector<std::int64_t>(2, std::numeric_limits<std::int64_t>::max())) ==
          static_cast<double>(std::numeric_limits<std::int64_t>::max()));
}

TEST_CASE("a variance far from zero does not cancel", "[algorithm][sum]") {
    std::vector<double> x;
    for (int i = 0; i != 10'000; ++i)
        x.push_back(1e12 + (i % 2 == 0 ? 1 : -1));
    CHECK(std::abs(parmap::variance(x) - 1) < 1e-9);
    for (double& value : x)
        value -= 2e12;
    CHECK(std::abs(parmap::variance(x) - 1) < 1e-9);
}

TEST_CASE("what reading a range throws leaves a sum", "[algorithm][sum]") {
    for_each_setting([](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 1, 1023, 1024, 2999}) {
            const auto source =
                parmap::indices(3000) | std::views::transform([bad](std::size_t i) -> double {
                    if (i >= bad)
                        throw item_error(i);
                    return 1;
                });
            REQUIRE(failing_index([&] { parmap::sum(source, now.options()); }) == bad);
        }
    });
}
