// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <list>
#include <map>
#include <parmap/parmap.hpp>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

using namespace parmap_test;

TEST_CASE("count_by counts as the loop does, under every setting", "[algorithm][count_by]") {
    for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 33, 1000, 20'000}) {
        std::mt19937 random(5);
        std::vector<unsigned> x(n);
        for (unsigned& value : x)
            value = static_cast<unsigned>(random() % 1000);
        for (const unsigned keys : {1U, 10U, 1000U}) {
            const auto key = [keys](unsigned value) { return value % keys; };
            std::unordered_map<unsigned, std::size_t> expected;
            for (const unsigned value : x)
                ++expected[key(value)];
            const std::list<unsigned> listed(x.begin(), x.end());
            for_each_setting([&](const setting& now) {
                REQUIRE(parmap::count_by(x, key, now.options()) == expected);
                if (n <= 1000)
                    REQUIRE(parmap::count_by(listed, key, now.options()) == expected);
            });
        }
    }
}

TEST_CASE("keys all distinct, and keys that are views of the data", "[algorithm][count_by]") {
    const auto distinct =
        parmap::count_by(parmap::indices(30'000), [](std::size_t i) { return i; });
    CHECK(distinct.size() == 30'000);
    CHECK(distinct.at(29'999) == 1);

    std::vector<std::string> words;
    for (int i = 0; i != 3000; ++i)
        words.push_back("a long enough word " + std::to_string(i % 17));
    const auto counted =
        parmap::count_by(words, [](const std::string& word) { return std::string_view(word); });
    CHECK(counted.size() == 17);
    CHECK(counted.at("a long enough word 3") == 3000 / 17 + 1);
}

TEST_CASE("keys too many for a cache, and keys that repeat when it no longer seemed so",
          "[algorithm][count_by]") {
    constexpr std::size_t n = 60'000;
    for (const setting& now :
         {setting{parmap::schedule::serial, 1, 0}, setting{parmap::schedule::balanced, 3, 0},
          setting{parmap::schedule::direct, 2, 0}}) {
        INFO(now.name());
        // Some keys are counted in tables, the rest in the result: each of the two halves has all.
        const auto twice = parmap::count_by(
            parmap::indices(n), [](std::size_t i) { return i % (n / 2); }, now.options());
        REQUIRE(twice.size() == n / 2);
        for (const auto& [key, count] : twice)
            REQUIRE(count == 2);
        // One key at last, of which there are as many as of all others.
        const auto one_often = parmap::count_by(
            parmap::indices(n), [](std::size_t i) { return std::min(i, n / 2); }, now.options());
        REQUIRE(one_often.size() == n / 2 + 1);
        REQUIRE(one_often.at(n / 2) == n / 2);
        REQUIRE(one_often.at(7) == 1);
        const auto texts = parmap::count_by(
            parmap::indices(n), [](std::size_t i) { return std::to_string(i * 7 % 5'000); },
            now.options());
        REQUIRE(texts.size() == 5'000);
        for (const auto& [key, count] : texts)
            REQUIRE(count == n / 5'000);
    }
}

TEST_CASE("a key function that throws: the lowest index leaves", "[algorithm][count_by]") {
    for_each_setting([](const setting& now) {
        for (const std::size_t bad : std::initializer_list<std::size_t>{0, 1, 500, 999}) {
            const auto key = [bad](std::size_t i) {
                if (i >= bad)
                    throw item_error(i);
                return std::to_string(i % 10);
            };
            REQUIRE(failing_index([&] {
                        parmap::count_by(parmap::indices(1000), key, now.options());
                    }) == bad);
        }
    });
}

namespace {

/// A number whose hash may throw.
struct checked_number {
    std::size_t number;
    friend bool operator==(const checked_number&, const checked_number&) = default;
};

constexpr std::size_t unhashable = 25'000;

} // namespace

template <>
struct std::hash<checked_number> {
    std::size_t operator()(const checked_number& key) const {
        if (key.number >= unhashable)
            throw item_error(key.number);
        return key.number;
    }
};

TEST_CASE("a hash that throws late: the lowest index leaves", "[algorithm][count_by]") {
    const auto key = [](std::size_t i) { return checked_number{i}; };
    for_few_settings([&](const setting& now) {
        REQUIRE(failing_index([&] {
                    parmap::count_by(parmap::indices(30'000), key, now.options());
                }) == unhashable);
    });
}
