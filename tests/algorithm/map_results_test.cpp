// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <numeric>
#include <optional>
#include <parmap/algorithm/map.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

std::vector<int> numbers(std::size_t n) {
    std::vector<int> all(n);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

template <class F>
using result_of_map =
    decltype(parmap::parallel_map(std::declval<const std::vector<int>&>(), std::declval<F>()));

struct alignas(64) wide {
    explicit wide(int v) : value(v) {}
    bool aligned() const { return reinterpret_cast<std::uintptr_t>(this) % 64 == 0; }
    int value;
};

struct no_default {
    no_default() = delete;
    explicit no_default(int v) : value(v) {}
    int value;
};

/// Moves may throw, and one does: the one that meets `fuse` moves (none if it is negative).
struct fragile {
    explicit fragile(int v) : value(v), life(v) {}
    fragile(fragile&& other) noexcept(false) : value(other.value), life(std::move(other.life)) {
        if (fuse-- == 0) {
            throw std::string("moved once too often");
        }
    }
    fragile& operator=(fragile&&) = default;
    int value;
    counted life;
    static inline std::atomic<long> fuse = -1;
};

/// Copies where others move.
struct only_copied {
    explicit only_copied(int v) : text(std::to_string(v)) {}
    only_copied(const only_copied&) = default;
    only_copied& operator=(const only_copied&) = default;
    std::string text;
};

} // namespace

TEST_CASE("the result is a vector of the decayed result", "[algorithm][map]") {
    using std::is_same_v;
    STATIC_REQUIRE(is_same_v<result_of_map<int (*)(int)>, std::vector<int>>);
    STATIC_REQUIRE(is_same_v<result_of_map<const int& (*)(const int&)>, std::vector<int>>);
    STATIC_REQUIRE(is_same_v<result_of_map<const std::string (*)(int)>, std::vector<std::string>>);
    STATIC_REQUIRE(is_same_v<result_of_map<std::string && (*)(int)>, std::vector<std::string>>);
    STATIC_REQUIRE(is_same_v<result_of_map<int(&(*)(int))[3]>, std::vector<int*>>);
    STATIC_REQUIRE(is_same_v<result_of_map<bool (*)(int)>, std::vector<bool>>);
    STATIC_REQUIRE(is_same_v<result_of_map<counted (*)(int)>, std::vector<counted>>);
}

TEST_CASE("strings, references and constants arrive whole", "[algorithm][map]") {
    const watchdog guard("map: strings");
    const auto in = numbers(1000);
    std::vector<std::string> words;
    for (const int x : in) {
        words.push_back("a string too long for the small buffer " + std::to_string(x));
    }
    for_each_setting([&](const setting& now) {
        const auto word = [&](int x) -> const std::string& {
            return words[static_cast<std::size_t>(x)];
        };
        CHECK(parmap::parallel_map(in, word, now.options()) == words);
        const auto constant = [&](int x) -> const std::string { return word(x); };
        CHECK(parmap::parallel_map(in, constant, now.options()) == words);
    });
}

TEST_CASE("results may be move-only, and without a default", "[algorithm][map]") {
    const watchdog guard("map: move-only");
    for (const std::size_t n : small_sizes) {
        const auto in = numbers(n);
        for_each_setting([&](const setting& now) {
            const auto owners = parmap::parallel_map(
                in, [](int x) { return std::make_unique<int>(x); }, now.options());
            REQUIRE(owners.size() == n);
            CHECK(std::ranges::equal(owners, in, {}, [](const auto& p) { return *p; }));
            const auto plain =
                parmap::parallel_map(in, [](int x) { return no_default(x); }, now.options());
            REQUIRE(plain.size() == n);
            CHECK(std::ranges::equal(plain, in, {}, &no_default::value));
        });
    }
}

TEST_CASE("each result is made once, moved at most once and destroyed once", "[algorithm][map]") {
    const watchdog guard("map: counted");
    const auto in = numbers(1000);
    const std::list<int> linked(in.begin(), in.end());
    for_each_setting({0, 1, 7, 1001}, [&](const setting& now) {
        counts.reset();
        {
            const auto out =
                parmap::parallel_map(in, [](int x) { return counted(x); }, now.options());
            REQUIRE(out.size() == 1000);
            CHECK(std::ranges::equal(out, in, {}, &counted::value));
            CHECK(counts.live() == 1000);
            CHECK(counts.moves <= 1000);
        }
        CHECK(counts.balanced());
        counts.reset();
        {
            const auto out =
                parmap::parallel_map(linked, [](int x) { return counted(x); }, now.options());
            CHECK(std::ranges::equal(out, in, {}, &counted::value));
            CHECK(counts.live() == 1000);
            CHECK(counts.moves <= 1000); // a list knows its size, too
        }
        CHECK(counts.balanced());
    });
}

TEST_CASE("unsized sources give move-only results too", "[algorithm][map]") {
    const watchdog guard("map: move-only, unsized");
    for (const std::size_t n : small_sizes) {
        for_each_setting([&](const setting& now) {
            counts.reset();
            {
                const auto out = parmap::parallel_map(
                    one_pass(n, [](std::size_t i) { return counted(static_cast<long>(i)); }),
                    [](auto&& x) { return counted(x.value() + 1); }, now.options());
                REQUIRE(out.size() == n);
                bool in_order = true;
                for (std::size_t i = 0; i < n; ++i) {
                    in_order = in_order && out[i].value() == static_cast<long>(i) + 1;
                }
                CHECK(in_order);
                CHECK(counts.live() == static_cast<long>(n));
            }
            CHECK(counts.balanced());
        });
    }
}

TEST_CASE("over-aligned results are aligned", "[algorithm][map]") {
    const watchdog guard("map: aligned");
    const auto in = numbers(333);
    for_each_setting([&](const setting& now) {
        const auto out = parmap::parallel_map(
            in,
            [](int x) {
                wide made(x);
                made.value += made.aligned() ? 0 : 1'000'000;
                return made;
            },
            now.options());
        REQUIRE(out.size() == 333);
        CHECK(std::ranges::all_of(out, &wide::aligned));
        CHECK(std::ranges::equal(out, in, {}, &wide::value));
    });
}

TEST_CASE("results of bool do not race", "[algorithm][map]") {
    const watchdog guard("map: bool");
    const std::size_t n = 10'007; // not a multiple of a word, so that chunks end inside one
    const auto in = numbers(n);
    std::vector<bool> expected(n);
    for (std::size_t i = 0; i < n; ++i) {
        expected[i] = i % 3 == 0 || i % 64 == 63;
    }
    for_each_setting({0, 1, 7, 64}, [&](const setting& now) {
        const std::vector<bool> out = parmap::parallel_map(
            in, [](int x) { return x % 3 == 0 || x % 64 == 63; }, now.options());
        CHECK((out == expected));
        const std::list<int> linked(in.begin(), in.begin() + 300);
        const auto odd =
            parmap::parallel_map(linked, [](int x) { return x % 2 == 1; }, now.options());
        CHECK(std::ranges::equal(odd, linked, {}, {}, [](int x) { return x % 2 == 1; }));
    });
}

TEST_CASE("results that can only be copied are", "[algorithm][map]") {
    const auto in = numbers(100);
    for_each_setting([&](const setting& now) {
        const auto out =
            parmap::parallel_map(in, [](int x) { return only_copied(x); }, now.options());
        REQUIRE(out.size() == 100);
        CHECK(out[99].text == "99");
    });
}

TEST_CASE("a result whose move throws: its exception leaves, or it was not moved",
          "[algorithm][map]") {
    const watchdog guard("map: throwing move");
    const auto in = numbers(40);
    for_each_setting([&](const setting& now) {
        for (const long fuse : {-1L, 0L, 1L, 20L, 39L}) {
            counts.reset();
            fragile::fuse = fuse;
            std::optional<std::string> thrown;
            std::vector<fragile> out;
            try {
                out = parmap::parallel_map(in, [](int x) { return fragile(x); }, now.options());
            } catch (const std::string& text) {
                thrown = text;
            }
            const bool burnt = fuse >= 0 && fragile::fuse < 0;
            CHECK(thrown.has_value() == burnt);
            CHECK((burnt || std::ranges::equal(out, in, {}, &fragile::value)));
            out.clear();
            CHECK(counts.balanced());
        }
    });
}
