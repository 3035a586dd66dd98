// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <list>
#include <optional>
#include <parmap/parmap.hpp>
#include <random>
#include <ranges>
#include <utility>
#include <vector>

// Where several calls of a user's functions throw, some of them in comparisons and combinations
// that depend on how elements are put together: the exception that leaves is always the same.

namespace parmap_test {

/// What throws, by the elements concerned. Written before a call, read during it.
struct failing {
    std::vector<std::size_t> read = {}, copy = {}, key = {}, hash = {}, value = {}; // the elements
    std::vector<std::size_t> pair = {}; // either element of a comparison
    std::vector<std::size_t> step = {}; // the right one of a combination
    std::uint64_t pairs = 0;            // the seed of comparisons that throw, 0 if none does
    std::uint64_t steps = 0;            // and of combinations
    std::uint64_t one_in = 1;           // one of so many
};

inline failing fails;

/// What tells an error of one call, concerning one element or two, from all others.
constexpr std::size_t code_of(std::size_t call, std::size_t a, std::size_t b = 0) noexcept {
    return (call * 10'000 + a % 10'000) * 10'000 + b % 10'000;
}

[[noreturn]] inline void fail(std::size_t call, std::size_t a, std::size_t b = 0) {
    throw item_error(code_of(call, a, b));
}

inline void fail_at(const std::vector<std::size_t>& bad, std::size_t call, std::size_t element) {
    if (std::ranges::find(bad, element) != bad.end())
        fail(call, element);
}

inline void fail_for(std::uint64_t seed, std::size_t call, std::size_t a, std::size_t b) {
    if (seed == 0)
        return;
    std::uint64_t mixed = (seed + a * 1'009 + b) * 0x9E37'79B9'7F4A'7C15;
    mixed = (mixed ^ (mixed >> 31)) * 0xBF58'476D'1CE4'E5B9;
    if ((mixed >> 33) % fails.one_in == 0)
        fail(call, a, b);
}

/// Something made of an element, which it remembers: a key, a value, or the element itself.
struct piece {
    piece(std::size_t what_number, std::size_t of_element)
        : number(what_number), element(of_element), tracked(0) {}
    piece(const piece& other) : piece(other.number, other.element) {
        fail_at(fails.copy, 2, element);
    }
    piece(piece&&) = default;
    piece& operator=(piece&&) = default;
    ~piece() = default;

    friend bool operator==(const piece& a, const piece& b) {
        fail_to_compare(5, a, b);
        return a.number == b.number;
    }
    friend bool operator<(const piece& a, const piece& b) {
        fail_to_compare(6, a, b);
        return a.number < b.number;
    }

    static void fail_to_compare(std::size_t call, const piece& a, const piece& b) {
        fail_at(fails.pair, call, a.element);
        fail_at(fails.pair, call, b.element);
        fail_for(fails.pairs, call, a.element, b.element);
    }

    std::size_t number, element;
    counted tracked;
};

inline piece element_at(std::size_t i) {
    fail_at(fails.read, 1, i);
    return {i * 7 % 64, i};
}

inline piece sum_of(piece left, const piece& right) {
    fail_at(fails.step, 7, right.element);
    fail_for(fails.steps, 7, left.element, right.element);
    return {left.number + right.number, right.element};
}

/// How a verb fails with elements of each kind of range: those reached by index, computed and in
/// memory, those of a list, likewise, and those of a source that is read once.
template <class Verb>
std::vector<std::optional<std::size_t>> failures_of(Verb& verb, std::size_t n,
                                                    const parmap::options& how) {
    std::vector<piece> standing;
    std::list<piece> listed;
    for (std::size_t i = 0; i != n; ++i) {
        standing.emplace_back(i * 7 % 64, i);
        listed.emplace_back(i * 7 % 64, i);
    }
    std::list<std::size_t> numbers;
    for (std::size_t i = 0; i != n; ++i)
        numbers.push_back(i);
    const long before = counts.live();
    std::vector<std::optional<std::size_t>> failures;
    const auto note = [&](auto&& range) {
        failures.push_back(failing_index([&] { (void)verb(range, how); }));
    };
    note(parmap::indices(n) | std::views::transform(element_at));
    note(std::as_const(standing));
    note(numbers | std::views::transform(element_at));
    note(std::as_const(listed));
    note(one_pass(n, element_at));
    REQUIRE(counts.live() == before);
    return failures;
}

inline std::vector<std::size_t> some_of(std::size_t n, std::mt19937_64& random) {
    std::vector<std::size_t> some(1 + random() % 2);
    for (std::size_t& element : some)
        element = random() % n;
    return some;
}

/// Now and then one kind of call alone fails, mostly several do.
inline failing random_failing(std::size_t n, std::mt19937_64& random) {
    failing plan;
    for (auto* calls : {&plan.read, &plan.copy, &plan.key, &plan.hash, &plan.value}) {
        if (random() % 3 == 0)
            *calls = some_of(n, random);
    }
    plan.pairs = random() % 2 * (1 + random() % 1'000);
    plan.steps = random() % 2 * (1 + random() % 1'000);
    plan.one_in = 1 + random() % (4 * n);
    return plan;
}

/// Requires that a verb fails under every setting as on one thread.
template <class Verb>
void require_same_failures(const char* name, Verb verb) {
    const watchdog guard(name);
    counts.reset();
    std::mt19937_64 random(20261129);
    for (std::size_t round = 0; round != 24; ++round) {
        const std::size_t n = 1 + random() % 300;
        fails = random_failing(n, random);
        const auto expected =
            failures_of(verb, n, setting{parmap::schedule::serial, 1, 0}.options());
        for (const auto& now : std::initializer_list<setting>{
                 {parmap::schedule::adaptive, 2, 0},
                 {parmap::schedule::balanced, 3, 0},
                 {parmap::schedule::balanced, 8, 1},
                 {parmap::schedule::balanced, 2, 7},
                 {parmap::schedule::direct, 2, 0},
                 {parmap::schedule::direct, 8, 1},
             }) {
            INFO(name << ", round " << round << ", n " << n << ", " << now.name());
            REQUIRE(failures_of(verb, n, now.options()) == expected);
        }
        fails = {};
    }
    REQUIRE(counts.balanced());
}

/// Requires that a verb fails by that call under every setting, with every kind of range.
template <class Verb>
void require_failure(const char* name, std::size_t n, const failing& plan, std::size_t code,
                     Verb verb) {
    fails = plan;
    for_each_setting([&](const setting& now) {
        INFO(name);
        for (const std::optional<std::size_t>& failure : failures_of(verb, n, now.options()))
            REQUIRE(failure == code);
    });
    fails = {};
}

} // namespace parmap_test
