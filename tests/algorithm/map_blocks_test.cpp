// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <numeric>
#include <parmap/algorithm/map_blocks.hpp>
#include <parmap/core/errors.hpp>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <type_traits>
#include <vector>

using namespace parmap_test;

namespace {

std::vector<double> numbers(std::size_t n) {
    std::vector<double> all(n);
    std::iota(all.begin(), all.end(), 0.0);
    return all;
}

void square(std::span<const double> in, std::span<double> out) {
    for (std::size_t i = 0; i < in.size(); ++i) {
        out[i] = in[i] * in[i];
    }
}

/// A counted object that a fresh result can be made of.
struct counted_default {
    counted life{0};
};

struct block {
    std::size_t first;
    std::size_t size;
    friend bool operator==(const block&, const block&) = default;
};

/// Runs a kernel that only notes its blocks, and checks what holds for all of them.
std::vector<block> blocks_of(std::size_t n, const parmap::options& with) {
    const auto in = numbers(n);
    std::vector<float> out(n);
    std::mutex mutex;
    std::vector<block> blocks;
    bool paired = true;
    parmap::parallel_map_blocks(
        in, out,
        [&](std::span<const double> from, std::span<float> to) {
            const std::lock_guard lock(mutex);
            blocks.push_back({static_cast<std::size_t>(from.data() - in.data()), from.size()});
            paired = paired && from.size() == to.size() && !from.empty() &&
                     to.data() - out.data() == from.data() - in.data();
        },
        with);
    CHECK(paired);
    std::ranges::sort(blocks, {}, &block::first);
    return blocks;
}

bool covers(const std::vector<block>& blocks, std::size_t n) {
    std::size_t end = 0;
    for (const block& one : blocks) {
        if (one.first != end) {
            return false;
        }
        end += one.size;
    }
    return end == n;
}

} // namespace

TEST_CASE("parallel_map_blocks maps every element", "[algorithm][map_blocks]") {
    const watchdog guard("map_blocks: values");
    for (const std::size_t n : small_sizes) {
        const auto in = numbers(n);
        std::vector<double> expected(n);
        square(in, expected);
        for_each_setting(grains_for(n), [&](const setting& now) {
            std::vector<double> out(n, -1.0);
            parmap::parallel_map_blocks(in, out, square, now.options());
            CHECK((out == expected));
        });
    }
}

TEST_CASE("blocks cover the range once, input beside output", "[algorithm][map_blocks]") {
    const watchdog guard("map_blocks: cover");
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{33}, std::size_t{1000},
                                std::size_t{100'003}}) {
        for_each_setting(n > 1000 ? std::vector<std::size_t>{0, 64, 1000, n + 1} : grains_for(n),
                         [&](const setting& now) {
                             const auto blocks = blocks_of(n, now.options());
                             CHECK(covers(blocks, n));
                             if (now.grain > 0) {
                                 CHECK(std::ranges::all_of(blocks, [&](const block& one) {
                                     return one.size <= now.grain;
                                 }));
                             }
                         });
    }
}

TEST_CASE("a large range goes in cache-sized blocks, on every schedule",
          "[algorithm][map_blocks]") {
    const watchdog guard("map_blocks: cache");
    const std::size_t n = 2'000'000;
    for (const auto schedule : schedules) {
        for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
            const setting now{schedule, threads, 0};
            INFO(now.name());
            const auto blocks = blocks_of(n, now.options());
            CHECK(covers(blocks, n));
            // 12 bytes an element: no block may be more than what a large L2 cache holds
            CHECK(std::ranges::all_of(blocks,
                                      [](const block& one) { return one.size * 12 <= 2 << 20; }));
        }
    }
}

TEST_CASE("where blocks end depends on nothing but size and grain", "[algorithm][map_blocks]") {
    const watchdog guard("map_blocks: same blocks");
    // A kernel may round its vectorised part and its tail differently: values are deterministic
    // only if both fall on the same elements each time.
    for (const std::size_t grain : {std::size_t{0}, std::size_t{64}, std::size_t{1000}}) {
        const auto expected =
            blocks_of(100'003, setting{parmap::schedule::serial, 1, grain}.options());
        for_each_setting({grain}, [&](const setting& now) {
            CHECK((blocks_of(100'003, now.options()) == expected));
        });
    }
}

TEST_CASE("parallel_map_blocks works in place", "[algorithm][map_blocks]") {
    for_each_setting({0, 7, 64}, [&](const setting& now) {
        auto v = numbers(1000);
        parmap::parallel_map_blocks(v, v, square, now.options());
        CHECK(v[999] == 999.0 * 999.0);
        CHECK(v[1] == 1.0);
    });
}

TEST_CASE("contiguous ranges of any kind, and of other types, are taken",
          "[algorithm][map_blocks]") {
    const std::array<int, 4> in{1, 2, 3, 4};
    const int plain[4] = {1, 2, 3, 4};
    for_each_setting([&](const setting& now) {
        const auto f = [](std::span<const int> a, std::span<long> b) {
            std::ranges::copy(a, b.begin());
        };
        long out[4] = {};
        parmap::parallel_map_blocks(in, out, f, now.options());
        CHECK(std::ranges::equal(out, in));
        std::vector<long> more(4);
        parmap::parallel_map_blocks(plain, std::span(more), f, now.options());
        CHECK(std::ranges::equal(more, plain));
        parmap::parallel_map_blocks(std::vector<int>{5, 6}, more, f, now.options());
        CHECK(more == std::vector<long>{5, 6, 3, 4});
        const auto generic = [](auto a, auto b) {
            static_assert(std::is_same_v<decltype(a), std::span<const int>>);
            static_assert(std::is_same_v<decltype(b), std::span<long>>);
        };
        auto mutable_in = in;
        parmap::parallel_map_blocks(mutable_in, more, generic, now.options());
    });
}

TEST_CASE("unequal lengths: longer output stays, shorter is refused", "[algorithm][map_blocks]") {
    for_each_setting([&](const setting& now) {
        std::vector<double> longer(150, -1.0);
        parmap::parallel_map_blocks(numbers(100), longer, square, now.options());
        CHECK(longer[99] == 99.0 * 99.0);
        CHECK(longer[100] == -1.0);
        std::vector<double> shorter(99, -1.0);
        std::atomic<int> calls = 0;
        const auto f = [&](std::span<const double>, std::span<double>) { ++calls; };
        CHECK_THROWS_AS(parmap::parallel_map_blocks(numbers(100), shorter, f, now.options()),
                        std::length_error);
        CHECK(calls == 0);
    });
}

TEST_CASE("the lowest failing block's exception leaves", "[algorithm][map_blocks][errors]") {
    const watchdog guard("map_blocks: errors");
    const auto in = numbers(1000);
    for_each_setting({1, 7, 64}, [&](const setting& now) {
        std::vector<double> out(1000, -1.0);
        const auto f = [&](std::span<const double> a, std::span<double> b) {
            if (a.back() >= 500.0) {
                throw item_error(static_cast<std::size_t>(a.front()));
            }
            square(a, b);
        };
        const auto index =
            failing_index([&] { parmap::parallel_map_blocks(in, out, f, now.options()); });
        CHECK(index == 500 / now.grain * now.grain);
        CHECK(std::all_of(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*index),
                          [](double x) { return x >= 0.0; }));
    });
}

TEST_CASE("parallel_map_blocks stops between blocks", "[algorithm][map_blocks][stop]") {
    const watchdog guard("map_blocks: stop");
    for (const auto schedule : schedules) {
        for (const std::size_t threads : pool_sizes) {
            const setting now{schedule, threads, 10};
            INFO(now.name());
            std::stop_source source;
            auto with = now.options();
            with.stop = source.get_token();
            std::vector<double> v(1'000'000);
            std::atomic<std::size_t> seen = 0;
            const auto f = [&](std::span<const double> a, std::span<double>) {
                seen += a.size();
                source.request_stop();
            };
            try {
                parmap::parallel_map_blocks(v, v, f, with);
                FAIL("it ran to its end");
            } catch (const parmap::operation_cancelled& stopped) {
                CHECK(stopped.total() == v.size()); // elements, as with any verb
                CHECK(stopped.done() == seen);
            }
        }
    }
}

TEST_CASE("one kernel object is called, never copied", "[algorithm][map_blocks]") {
    struct kernel {
        kernel() = default;
        kernel(const kernel&) = delete;
        kernel& operator=(const kernel&) = delete;
        void operator()(std::span<const double> a, std::span<double> b) {
            elements += a.size();
            square(a, b);
        }
        std::atomic<std::size_t> elements = 0;
    };
    for_each_setting([&](const setting& now) {
        kernel f;
        std::vector<double> out(1000);
        parmap::parallel_map_blocks(numbers(1000), out, f, now.options());
        CHECK(f.elements == 1000);
    });
}

TEST_CASE("a fresh result is what a given output would hold", "[algorithm][map_blocks]") {
    const watchdog guard("map_blocks: fresh");
    for (const std::size_t n : small_sizes) {
        const auto in = numbers(n);
        std::vector<double> expected(n);
        square(in, expected);
        for_each_setting({0, 7, 64}, [&](const setting& now) {
            CHECK(parmap::parallel_map_blocks<double>(in, square, now.options()) == expected);
        });
    }
    const std::size_t large = 1'000'003;
    const auto squares = parmap::parallel_map_blocks<double>(numbers(large), square);
    REQUIRE(squares.size() == large);
    CHECK(squares[large - 1] == static_cast<double>(large - 1) * static_cast<double>(large - 1));
}

TEST_CASE("what a kernel leaves out of a fresh result is zero", "[algorithm][map_blocks]") {
    for_each_setting({0, 64}, [&](const setting& now) {
        std::atomic<bool> found = false;
        const auto odd_ones = [&](std::span<const double> a, std::span<long> b) {
            if (std::ranges::any_of(b, [](long x) { return x != 0; }))
                found = true;
            for (std::size_t i = 1; i < a.size(); i += 2)
                b[i] = 1;
        };
        const auto made = parmap::parallel_map_blocks<long>(numbers(5000), odd_ones, now.options());
        CHECK(!found);
        CHECK(std::ranges::count(made, 1) == 2500);
        CHECK(std::ranges::count(made, 0) == 2500);
    });
}

TEST_CASE("fresh results of any type, and of bool", "[algorithm][map_blocks]") {
    const watchdog guard("map_blocks: types");
    const auto in = numbers(1000);
    for_each_setting({0, 7}, [&](const setting& now) {
        const auto words = parmap::parallel_map_blocks<std::string>(
            in,
            [](std::span<const double> a, std::span<std::string> b) {
                for (std::size_t i = 0; i != a.size(); ++i)
                    b[i] += "number " + std::to_string(a[i]);
            },
            now.options());
        REQUIRE(words.size() == 1000);
        CHECK(words[999] == "number " + std::to_string(999.0));
        const std::vector<bool> bits = parmap::parallel_map_blocks<bool>(
            in,
            [](std::span<const double> a, std::span<bool> b) {
                for (std::size_t i = 0; i != a.size(); ++i)
                    b[i] = a[i] >= 500;
            },
            now.options());
        CHECK(std::ranges::count(bits, true) == 500);
        CHECK(bits[500]);
    });
}

TEST_CASE("a failing block leaves nothing of a fresh result", "[algorithm][map_blocks][errors]") {
    const watchdog guard("map_blocks: fresh errors");
    const auto in = numbers(1000);
    for_each_setting({1, 7, 64}, [&](const setting& now) {
        counts.reset();
        const auto f = [](std::span<const double> a, std::span<counted_default> b) {
            if (a.back() >= 500.0) {
                throw item_error(static_cast<std::size_t>(a.front()));
            }
            b.front() = counted_default();
        };
        const auto index = failing_index(
            [&] { (void)parmap::parallel_map_blocks<counted_default>(in, f, now.options()); });
        CHECK(index == 500 / now.grain * now.grain);
        CHECK(counts.balanced());
    });
}
