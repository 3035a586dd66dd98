// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/gate.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <numeric>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/runtime/broadcast.hpp>
#include <parmap/runtime/worker_local.hpp>
#include <ranges>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace parmap_test;

static_assert(std::ranges::forward_range<parmap::worker_local<int>>);
static_assert(std::ranges::forward_range<const parmap::worker_local<int>>);
static_assert(!std::is_copy_constructible_v<parmap::worker_local<int>>);

TEST_CASE("partial sums come to the whole sum", "[runtime][worker_local]") {
    for_each_setting([](const setting& now) {
        parmap::worker_local<std::size_t> sums(pool_of(now.threads));
        parmap::parallel_for_each(
            parmap::indices(5000), [&](std::size_t i) { sums.local() += i; }, now.options());
        CHECK(std::accumulate(sums.begin(), sums.end(), std::size_t{0}) == 4999 * 2500);
        CHECK(sums.size() >= 1);
    });
}

TEST_CASE("each thread has one value, always the same", "[runtime][worker_local]") {
    const watchdog guard("one value a thread");
    for (const std::size_t threads : pool_sizes) {
        parmap::pool& pool = pool_of(threads);
        std::atomic<int> made = 0;
        parmap::worker_local ids(pool, [&] {
            ++made;
            return std::this_thread::get_id();
        });
        CHECK(ids.empty());
        rendezvous meeting(threads);
        const auto right = parmap::broadcast(pool, [&](std::size_t) {
            auto* const first = &ids.local();
            meeting.arrive();
            return first == &ids.local() && ids.local() == std::this_thread::get_id();
        });
        CHECK(right == std::vector(threads, true));
        CHECK(meeting.met());
        CHECK(made == static_cast<int>(threads));
        CHECK(std::set(ids.begin(), ids.end()).size() == threads);
    }
}

TEST_CASE("threads of no pool have values as well, more than the pool has",
          "[runtime][worker_local]") {
    parmap::worker_local<int> values(pool_of(1));
    rendezvous meeting(20);
    on_threads(20, [&](std::size_t who) {
        values.local() = static_cast<int>(who);
        meeting.arrive(); // none ends before all have come, so that no identity is used twice
        values.local() += 100;
    });
    CHECK(meeting.met());
    const std::multiset<int> all(values.begin(), values.end());
    REQUIRE(all.size() == 20);
    CHECK(*all.begin() == 100);
    CHECK(*all.rbegin() == 119);
    CHECK(std::set(all.begin(), all.end()).size() == 20);
}

TEST_CASE("a value that cannot be made is none", "[runtime][worker_local]") {
    int attempts = 0;
    parmap::worker_local values(pool_of(2), [&] {
        if (++attempts < 3)
            throw std::runtime_error("not yet");
        return attempts;
    });
    CHECK_THROWS_AS(values.local(), std::runtime_error);
    CHECK(values.empty());
    CHECK_THROWS_AS(values.local(), std::runtime_error);
    CHECK(values.local() == 3);
    CHECK(values.local() == 3);
    CHECK(values.size() == 1);
}

TEST_CASE("values may be move-only, without a default, and are destroyed once",
          "[runtime][worker_local]") {
    counts.reset();
    {
        parmap::worker_local values(pool_of(3), [] { return counted(7); });
        parmap::parallel_for_each(
            parmap::indices(100),
            [&](std::size_t) {
                if (values.local().value() != 7)
                    throw std::runtime_error("another value");
            },
            {.pool = &pool_of(3), .schedule = parmap::schedule::balanced, .grain = 1});
        CHECK(counts.live() == static_cast<long>(values.size()));
    }
    CHECK(counts.balanced());

    parmap::worker_local<std::unique_ptr<int>> pointers(pool_of(2));
    CHECK(pointers.local() == nullptr);
    pointers.local() = std::make_unique<int>(5);
    CHECK(**pointers.begin() == 5);
}
