// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <numeric>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/map_blocks.hpp>
#include <parmap/algorithm/map_into.hpp>
#include <parmap/algorithm/sort.hpp>
#include <parmap/algorithm/try_map.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

// Every form of operator new of this executable ends here, so that a test can count, and fail one.

namespace {

std::atomic<std::size_t> allocations = 0;
std::atomic<std::size_t> bytes = 0;

/// How many allocations this thread makes before one fails.
constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
thread_local std::size_t until_failure = never;

// Out of line, so that the compiler does not see malloc's memory meet delete.
[[gnu::noinline]] void release(void* memory) noexcept {
    std::free(memory);
}

[[gnu::noinline]] void* allocate(std::size_t size, std::size_t alignment) {
    if (until_failure != never && until_failure-- == 0)
        return nullptr; // and never again
    ++allocations;
    bytes += size;
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    return alignment <= alignof(std::max_align_t)
               ? std::malloc(size == 0 ? 1 : size)
               : std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
    void* const memory = allocate(size, alignment);
    if (memory == nullptr)
        throw std::bad_alloc();
    return memory;
}

} // namespace

void* operator new(std::size_t size) {
    return allocate_or_throw(size, 1);
}
void* operator new[](std::size_t size) {
    return allocate_or_throw(size, 1);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return allocate(size, 1);
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
    return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
    release(memory);
}
void operator delete[](void* memory) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
    release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
    release(memory);
}

using namespace parmap_test;

namespace {

constexpr std::size_t n = 100'000;

struct spent {
    std::size_t allocations;
    std::size_t bytes;
};

/// What a second call takes: the first one has started threads and learnt the item's cost.
template <class Call>
spent spent_by(Call call) {
    call();
    const spent before{allocations, bytes};
    call();
    return {allocations - before.allocations, bytes - before.bytes};
}

/// Allocations that may depend on the number of threads, and never on the number of items.
std::size_t allowance(const setting& now) {
    return 20 + 20 * now.threads;
}
std::size_t byte_allowance(const setting& now) {
    return 65'536 + 16'384 * now.threads;
}

/// The schedules, few threads and many, and the grains that could tempt to allocate.
template <class Body>
void for_each_way(Body body) {
    for (const auto schedule : schedules) {
        for (const std::size_t threads : {std::size_t{1}, std::size_t{3}, std::size_t{8}}) {
            for (const std::size_t grain : {std::size_t{0}, std::size_t{16}}) {
                const setting now{schedule, threads, grain};
                INFO(now.name());
                body(now);
            }
        }
    }
}

struct no_default {
    explicit no_default(double v) : value(v) {}
    double value;
};

const auto half = [](double x) { return x / 2; };

} // namespace

TEST_CASE("allocations are counted", "[fault][allocation]") {
    const std::size_t before = allocations;
    auto one = std::make_unique<int>(1);
    CHECK(allocations > before);
    CHECK(*one == 1);
}

TEST_CASE("a map takes its result and something a thread, nothing an item", "[fault][allocation]") {
    const watchdog guard("allocation: map");
    std::vector<double> in(n);
    std::iota(in.begin(), in.end(), 0.0);
    for_each_way([&](const setting& now) {
        const auto map = spent_by([&] { (void)parmap::parallel_map(in, half, now.options()); });
        CHECK(map.allocations <= 1 + allowance(now));
        CHECK(map.bytes <= n * sizeof(double) + byte_allowance(now));

        const auto blocks = spent_by([&] {
            (void)parmap::parallel_map_blocks<double>(
                in, [](std::span<const double>, std::span<double>) {}, now.options());
        });
        CHECK(blocks.allocations <= 1 + allowance(now));
        CHECK(blocks.bytes <= n * sizeof(double) + byte_allowance(now));

        const auto made = spent_by([&] {
            (void)parmap::parallel_map(in, [](double x) { return no_default(x); }, now.options());
        });
        CHECK(made.allocations <= 2 + allowance(now));
    });
}

TEST_CASE("packed bits and outcomes take nothing an item, either", "[fault][allocation]") {
    const watchdog guard("allocation: bits, outcomes");
    const std::vector<double> in(n, 1.0);
    for_each_way([&](const setting& now) {
        const auto bits = spent_by(
            [&] { (void)parmap::parallel_map(in, [](double x) { return x > 0; }, now.options()); });
        CHECK(bits.allocations <= 2 + allowance(now));
        const auto tried =
            spent_by([&] { (void)parmap::parallel_try_map(in, half, now.options()); });
        CHECK(tried.allocations <= 2 + allowance(now));
    });
}

TEST_CASE("what has no result takes something a thread only", "[fault][allocation]") {
    const watchdog guard("allocation: no result");
    std::vector<double> in(n, 1.0);
    std::vector<double> out(n);
    for_each_way([&](const setting& now) {
        const auto into =
            spent_by([&] { parmap::parallel_map_into(in, out, half, now.options()); });
        CHECK(into.allocations <= allowance(now));
        CHECK(into.bytes <= byte_allowance(now));
        const auto each = spent_by(
            [&] { parmap::parallel_for_each(in, [](double& x) { x += 1; }, now.options()); });
        CHECK(each.allocations <= allowance(now));
        CHECK(each.bytes <= byte_allowance(now));
        const auto blocks = spent_by([&] {
            parmap::parallel_map_blocks(
                in, out, [](std::span<const double>, std::span<double>) {}, now.options());
        });
        CHECK(blocks.allocations <= allowance(now));
        CHECK(blocks.bytes <= byte_allowance(now));
    });
}

TEST_CASE("an error takes nothing for items that did not throw", "[fault][allocation]") {
    const watchdog guard("allocation: error");
    std::vector<double> in(n);
    std::iota(in.begin(), in.end(), 0.0);
    for_each_way([&](const setting& now) {
        const auto failed = spent_by([&] {
            try {
                (void)parmap::parallel_map(
                    in, [](double x) { return x == 50'000.0 ? throw 1 : x; }, now.options());
            } catch (int) {
            }
        });
        CHECK(failed.allocations <= 1 + allowance(now));
    });
}

TEST_CASE("a call for which there is no memory for threads is run by few", "[fault][allocation]") {
    const watchdog guard("allocation: threads");
    const std::vector<double> in(n, 1.0);
    std::vector<double> out(n);
    const setting now{parmap::schedule::balanced, 8, 0};
    parmap::parallel_map_into(in, out, half, now.options());
    std::ranges::fill(out, 0.0);
    until_failure = 0;
    parmap::parallel_map_into(in, out, half, now.options());
    CHECK(until_failure == never); // one has failed
    CHECK(std::ranges::count(out, 0.5) == n);
}

TEST_CASE("a sort without memory keeps all elements", "[fault][allocation]") {
    const watchdog guard("allocation: sort");
    std::vector<std::string> words(5'000);
    for (std::size_t i = 0; i != words.size(); ++i)
        words[i] = "stored apart from its string " + std::to_string(i * 7'919 % words.size());
    std::vector<std::string> sorted = words;
    std::ranges::sort(sorted);
    for_each_way([&](const setting& now) {
        bool failed = true;
        for (std::size_t k = 0; failed; ++k) {
            INFO("allocation " << k);
            std::vector<std::string> all = words;
            until_failure = k;
            try {
                parmap::parallel_sort(all, {}, {}, now.options());
            } catch (const std::bad_alloc&) {
            }
            failed = std::exchange(until_failure, never) == never;
            std::ranges::sort(all);
            REQUIRE(all == sorted);
        }
    });
}
