// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/item_error.hpp"
#include "support/schedules.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <numeric>
#include <parmap/parmap.hpp>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

const std::vector<std::size_t> sizes{0, 1, 2, 8, 9, 63, 64, 65, 1000, 5000};

std::vector<int> shuffled(std::size_t n, unsigned different) {
    std::mt19937 random(static_cast<unsigned>(n));
    std::vector<int> x(n);
    for (int& value : x)
        value = static_cast<int>(random() % different);
    return x;
}

struct record {
    int key;
    std::size_t position;
    std::string name;
    friend bool operator==(const record&, const record&) = default;
};

std::vector<record> records(std::size_t n) {
    const auto keys = shuffled(n, 7);
    std::vector<record> all;
    for (std::size_t i = 0; i != n; ++i)
        all.push_back({keys[i], i, std::to_string(keys[i])});
    return all;
}

} // namespace

TEST_CASE("sorts as the standard does, stably, under every setting", "[algorithm][sort]") {
    for (const std::size_t n : sizes) {
        const auto numbers = shuffled(n, 1000);
        const auto unsorted = records(n);
        auto ascending = numbers;
        std::ranges::sort(ascending);
        auto by_key = unsorted;
        std::ranges::stable_sort(by_key, {}, &record::key);
        for_each_setting([&](const setting& now) {
            auto x = numbers;
            parmap::parallel_sort(x, {}, {}, now.options());
            REQUIRE(x == ascending);
            parmap::parallel_sort(x, std::greater<>(), {}, now.options());
            REQUIRE(std::ranges::is_sorted(x, std::greater<>()));
            auto r = unsorted;
            parmap::parallel_sort(r, {}, &record::key, now.options());
            REQUIRE(r == by_key);
        });
    }
}

TEST_CASE("large numbers of elements, in order and in reverse", "[algorithm][sort]") {
    auto x = shuffled(200'000, 1'000'000'000);
    auto expected = x;
    std::ranges::sort(expected);
    parmap::parallel_sort(x, {}, {}, {.schedule = parmap::schedule::balanced});
    CHECK(x == expected);
    parmap::parallel_sort(x);
    CHECK(x == expected);
    std::ranges::reverse(x);
    parmap::parallel_sort(x, {}, {}, {.pool = &pool_of(8)});
    CHECK(x == expected);
}

TEST_CASE("elements that can only be moved, and ranges not in one piece", "[algorithm][sort]") {
    const auto keys = shuffled(500, 50);
    std::vector<std::unique_ptr<int>> owned;
    for (const int key : keys)
        owned.push_back(std::make_unique<int>(key));
    parmap::parallel_sort(owned, {}, [](const std::unique_ptr<int>& p) { return *p; });
    CHECK(std::ranges::is_sorted(owned, {}, [](const auto& p) { return *p; }));
    std::deque<int> deque(keys.begin(), keys.end());
    parmap::parallel_sort(deque, std::greater<>());
    CHECK(std::ranges::is_sorted(deque, std::greater<>()));
}

TEST_CASE("texts that begin alike, end early or hold zeros", "[algorithm][sort]") {
    std::mt19937 random(5);
    std::vector<std::string> words{"", std::string(1, '\0'), std::string(9, '\0'), "\xff\xff", "a"};
    while (words.size() != 700)
        words.push_back(std::string(random() % 12, 'a') + static_cast<char>(random() % 256));
    auto ascending = words;
    std::ranges::sort(ascending);
    auto descending = words;
    std::ranges::sort(descending, std::greater<>());
    struct named {
        std::string name;
        std::size_t position;
        bool operator==(const named&) const = default;
    };
    std::vector<named> by_name;
    for (const std::string& word : words)
        by_name.push_back({word.substr(0, 9), by_name.size()});
    auto stable = by_name;
    std::ranges::stable_sort(stable, {}, &named::name);
    for_each_setting([&](const setting& now) {
        auto x = words;
        parmap::parallel_sort(x, {}, {}, now.options());
        REQUIRE(x == ascending);
        parmap::parallel_sort(x, std::greater<>(), {}, now.options());
        REQUIRE(x == descending);
        std::vector<std::string_view> views(words.begin(), words.end());
        parmap::parallel_sort(views, {}, {}, now.options());
        REQUIRE(std::ranges::equal(views, ascending));
        auto r = by_name;
        parmap::parallel_sort(r, {}, &named::name, now.options());
        REQUIRE(r == stable);
    });
}

TEST_CASE("a comparison that throws leaves a permutation, and always the same exception",
          "[algorithm][sort]") {
    const auto unsorted = records(300);
    for (const int bad : {0, 3, 6}) {
        const auto compare = [bad](const record& a, const record& b) {
            if (a.key == bad)
                throw item_error(a.position);
            return a.key < b.key;
        };
        const auto fails = [&](const parmap::options& how) {
            auto r = unsorted;
            const auto failed = failing_index([&] { parmap::parallel_sort(r, compare, {}, how); });
            std::ranges::sort(r, {}, &record::position);
            REQUIRE(r == unsorted);
            return failed;
        };
        const auto expected = fails({.schedule = parmap::schedule::serial});
        REQUIRE(expected.has_value());
        for_each_setting([&](const setting& now) { REQUIRE(fails(now.options()) == expected); });
    }
}

TEST_CASE("a sort that is stopped leaves a permutation", "[algorithm][sort]") {
    std::stop_source stop;
    stop.request_stop();
    for_each_setting([&](const setting& now) {
        auto x = shuffled(5000, 1000);
        auto how = now.options();
        how.stop = stop.get_token();
        REQUIRE_THROWS_AS(parmap::parallel_sort(x, {}, {}, how), parmap::operation_cancelled);
        REQUIRE(x == shuffled(5000, 1000));
    });
}
