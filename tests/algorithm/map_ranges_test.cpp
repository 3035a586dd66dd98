// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <numeric>
#include <parmap/algorithm/map.hpp>
#include <ranges>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

std::vector<int> numbers(std::size_t n) {
    std::vector<int> all(n);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

const auto triple = [](int x) { return 3 * x + 1; };

std::vector<int> tripled(std::size_t n) {
    std::vector<int> all;
    for (const int x : numbers(n)) {
        all.push_back(triple(x));
    }
    return all;
}

/// A range without size whose end is another type than its begin, of many elements by address.
struct c_string {
    struct end_mark {
        friend bool operator==(const char* at, end_mark) { return *at == '\0'; }
    };
    const char* text;
    const char* begin() const { return text; }
    end_mark end() const { return {}; }
};

} // namespace

TEST_CASE("every standard container and array is a range to map", "[algorithm][map][ranges]") {
    const watchdog guard("map: containers");
    for (const std::size_t n : small_sizes) {
        const auto in = numbers(n);
        auto changeable = in;
        const std::deque<int> deque(in.begin(), in.end());
        const std::list<int> list(in.begin(), in.end());
        const std::forward_list<int> forward(in.begin(), in.end());
        for_each_setting([&](const setting& now) {
            const auto with = now.options();
            CHECK(parmap::parallel_map(in, triple, with) == tripled(n));
            CHECK(parmap::parallel_map(changeable, triple, with) == tripled(n));
            CHECK(parmap::parallel_map(numbers(n), triple, with) == tripled(n));
            CHECK(parmap::parallel_map(deque, triple, with) == tripled(n));
            CHECK(parmap::parallel_map(list, triple, with) == tripled(n));
            CHECK(parmap::parallel_map(forward, triple, with) == tripled(n));
            CHECK(parmap::parallel_map(std::list<int>(list), triple, with) == tripled(n));
            CHECK(parmap::parallel_map(std::span(in), triple, with) == tripled(n));
        });
    }
    int plain[5] = {0, 1, 2, 3, 4};
    const std::array<int, 5> array{0, 1, 2, 3, 4};
    const std::map<int, std::string> tree{{1, "a"}, {2, "bb"}, {3, "ccc"}};
    for_each_setting([&](const setting& now) {
        CHECK(parmap::parallel_map(plain, triple, now.options()) == tripled(5));
        CHECK(parmap::parallel_map(array, triple, now.options()) == tripled(5));
        CHECK(parmap::parallel_map(std::array<int, 0>{}, triple, now.options()).empty());
        const auto sizes = parmap::parallel_map(
            tree, [](const auto& node) { return node.second.size(); }, now.options());
        CHECK(sizes == std::vector<std::size_t>{1, 2, 3});
    });
}

TEST_CASE("views are ranges to map, sized or not", "[algorithm][map][ranges]") {
    const watchdog guard("map: views");
    const auto in = numbers(1000);
    const auto even = [](int x) { return x % 2 == 0; };
    const auto half = [](int x) { return x / 2; };
    for_each_setting({0, 1, 7}, [&](const setting& now) {
        const auto with = now.options();
        CHECK(parmap::parallel_map(std::views::iota(0, 1000), triple, with) == tripled(1000));
        CHECK(parmap::parallel_map(in | std::views::transform(triple), half, with).at(3) == 5);
        // an rvalue filter_view caches its begin and has no const begin()
        CHECK(parmap::parallel_map(in | std::views::filter(even), half, with) == numbers(500));
        CHECK(parmap::parallel_map(in | std::views::take_while([](int x) { return x < 99; }),
                                   triple, with) == tripled(99));
        CHECK(parmap::parallel_map(in | std::views::reverse, triple, with).front() == 2998);
        CHECK(parmap::parallel_map(in | std::views::drop(900) | std::views::take(5), triple, with)
                  .back() == 2713);
        CHECK(parmap::parallel_map(std::views::empty<int>, triple, with).empty());
        CHECK(parmap::parallel_map(std::views::single(7), triple, with) == std::vector{22});
        const auto next = [](char c) { return static_cast<char>(c + 1); };
        CHECK(parmap::parallel_map(c_string{"HAL"}, next, with) == std::vector{'I', 'B', 'M'});
    });
}

TEST_CASE("a filter over a container may be given as an lvalue", "[algorithm][map][ranges]") {
    const auto in = numbers(1000);
    auto even = in | std::views::filter([](int x) { return x % 2 == 0; });
    for_each_setting([&](const setting& now) {
        CHECK(parmap::parallel_map(even, triple, now.options()).size() == 500);
    });
}

TEST_CASE("single-pass sources are read to their end", "[algorithm][map][ranges]") {
    const watchdog guard("map: streams");
    for (const std::size_t n : small_sizes) {
        std::string text;
        for (const int x : numbers(n)) {
            text += std::to_string(x) + ' ';
        }
        for_each_setting(grains_for(n), [&](const setting& now) {
            std::istringstream stream(text);
            CHECK(parmap::parallel_map(std::ranges::istream_view<int>(stream), triple,
                                       now.options()) == tripled(n));
        });
    }
}

TEST_CASE("a generator's move-only elements are mapped", "[algorithm][map][ranges]") {
    const watchdog guard("map: generator");
    const auto make = [](std::size_t i) { return std::make_unique<int>(static_cast<int>(i)); };
    for (const std::size_t n : small_sizes) {
        for_each_setting(grains_for(n), [&](const setting& now) {
            const auto any = [](auto&& p) { return 3 * *p + 1; };
            CHECK(parmap::parallel_map(one_pass(n, make), any, now.options()) == tripled(n));
            const auto taken = [](std::unique_ptr<int> p) { return 3 * *p + 1; };
            CHECK(parmap::parallel_map(one_pass(n, make), taken, now.options()) == tripled(n));
            auto source = one_pass(n, make);
            const auto seen = [](const std::unique_ptr<int>& p) { return 3 * *p + 1; };
            CHECK(parmap::parallel_map(source, seen, now.options()) == tripled(n));
        });
    }
}

TEST_CASE("a large generator keeps its order", "[algorithm][map][ranges]") {
    const watchdog guard("map: large generator");
    const std::size_t n = 100'003;
    const auto make = [](std::size_t i) { return static_cast<int>(i); };
    const auto expected = tripled(n);
    for (const auto schedule : schedules) {
        const setting now{schedule, 3, 0};
        INFO(now.name());
        CHECK((parmap::parallel_map(one_pass(n, make), triple, now.options()) == expected));
    }
}

TEST_CASE("an unsized source is read on one thread, once", "[algorithm][map][ranges]") {
    const watchdog guard("map: one reader");
    const auto make = [](std::size_t i) { return static_cast<int>(i); };
    for_each_setting([&](const setting& now) {
        reading seen;
        const auto out = parmap::parallel_map(one_pass(2000, make, &seen), triple, now.options());
        CHECK(out == tripled(2000));
        CHECK(seen.threads.size() == 1);
        CHECK(seen.pulled == 2001); // each element once, and the end once
    });
}

TEST_CASE("random-access elements are passed in place, by reference", "[algorithm][map][ranges]") {
    auto in = numbers(1000);
    std::list<int> linked(in.begin(), in.end());
    const std::vector<int>& constant = in;
    for_each_setting([&](const setting& now) {
        const auto address = [](const int& x) { return &x; };
        const auto mutable_address = [](int& x) -> const int* { return &x; };
        const auto from_vector = parmap::parallel_map(in, mutable_address, now.options());
        const auto from_constant = parmap::parallel_map(constant, address, now.options());
        const auto from_list = parmap::parallel_map(linked, address, now.options());
        CHECK(from_vector.front() == in.data());
        CHECK(from_vector.back() == in.data() + 999);
        CHECK(from_constant == from_vector);
        // a list's elements stay where they are, too: it can be read twice
        CHECK(from_list.front() == &linked.front());
        CHECK(from_list.back() == &linked.back());
    });
}

TEST_CASE("vector<bool> and other proxies are ranges to map", "[algorithm][map][ranges]") {
    std::vector<bool> bits(1000);
    for (std::size_t i = 0; i < bits.size(); i += 3) {
        bits[i] = true;
    }
    const std::vector<bool> constant = bits;
    std::vector<bool> flipped = bits;
    flipped.flip();
    const auto flip = [](bool b) { return !b; };
    for_each_setting({0, 1, 7}, [&](const setting& now) {
        CHECK(parmap::parallel_map(bits, flip, now.options()) == flipped);
        CHECK(parmap::parallel_map(constant, flip, now.options()) == flipped);
        const auto pairs = std::views::iota(0, 500) | std::views::transform([](int i) {
                               return std::pair<int, std::string>(i, std::to_string(i));
                           });
        const auto same = parmap::parallel_map(
            pairs, [](int i, const std::string& s) { return std::stoi(s) == i; }, now.options());
        CHECK(same == std::vector<bool>(500, true));
    });
}
