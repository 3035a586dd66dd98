// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/every_verb.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <numeric>
#include <parmap/parmap.hpp>
#include <thread>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

// A callable whose state is wiped when it dies: a helper that comes after the call shows itself.
class fragile {
public:
    explicit fragile(std::size_t nap) : state_(std::make_unique<std::size_t>(alive)), nap_(nap) {}
    fragile(const fragile&) = delete;
    fragile& operator=(const fragile&) = delete;
    ~fragile() { *state_ = 0; }

    std::size_t operator()(std::size_t i) {
        if (i % 4 == 1 && nap_ > 0)
            spin(nap_);
        if (*state_ != alive)
            ++strays;
        return i ^ *state_ ^ alive;
    }

    static inline std::atomic<std::size_t> strays = 0;

private:
    static constexpr std::size_t alive = 0x5eed;
    std::unique_ptr<std::size_t> state_;
    std::size_t nap_;
};

// One call whose source, callable and results live no longer than the call; true if it was right.
bool short_call(parmap::pool& pool, std::size_t round) {
    const auto schedule = schedules[round % 3]; // the parallel ones
    const std::size_t n = 1 + round * 7 % 90;
    const auto source = std::make_unique<std::vector<std::size_t>>(verbs::first_numbers(n));
    fragile callable(round % 5 * 300);
    return parmap::parallel_map(*source, callable,
                                {.pool = &pool, .schedule = schedule, .grain = round % 3}) ==
           *source;
}

// The same, left by an exception in the middle.
bool failing_call(parmap::pool& pool, std::size_t round) {
    fragile callable(round % 3 * 300);
    const auto item = [&](std::size_t i) {
        if (i >= round % 20)
            throw item_error(i);
        return counted(static_cast<long>(callable(i)));
    };
    const parmap::options how{.pool = &pool, .schedule = schedules[round % 3], .grain = 1};
    return failing_index([&] { parmap::parallel_map(parmap::indices(30), item, how); }) ==
           round % 20;
}

// A pool's whole life: made, used now and then by several threads, and gone.
bool whole_life(std::size_t round) {
    parmap::pool pool(1 + round % 5);
    std::atomic<bool> right = true;
    if (round % 4 == 0) {
        on_threads(3, [&](std::size_t who) {
            if (!short_call(pool, round + who))
                right = false;
        });
    }
    if (round % 3 != 0 && !short_call(pool, round))
        right = false;
    if (round % 3 == 2 && !failing_call(pool, round))
        right = false;
    return right;
}

void check_lives(std::size_t most) {
    fragile::strays = 0;
    counts.reset();
    std::atomic<std::size_t> wrong = 0;
    const auto rounds =
        repeat_for_a_while(most, [&](std::size_t round) { wrong += whole_life(round) ? 0 : 1; });
    CHECK(rounds >= 10);
    CHECK(wrong == 0);
    CHECK(fragile::strays == 0);
    CHECK(counts.balanced());
}

} // namespace

TEST_CASE("pools come and go by the thousand", "[stress][lifetime]") {
    const watchdog guard("pools come and go");
    check_lives(5000);
}

TEST_CASE("pools come and go on a busy machine", "[stress][lifetime]") {
    const watchdog guard("pools come and go, busy");
    const background_load load;
    check_lives(5000);
}

TEST_CASE("pools come and go on several threads at once", "[stress][lifetime]") {
    const watchdog guard("pools come and go, several threads");
    const background_load load;
    fragile::strays = 0;
    std::atomic<std::size_t> wrong = 0;
    on_threads(4, [&](std::size_t who) {
        repeat_for_a_while(
            500, [&](std::size_t round) { wrong += whole_life(5 * round + who) ? 0 : 1; });
    });
    CHECK(wrong == 0);
    CHECK(fragile::strays == 0);
}

TEST_CASE("helpers that come late find nothing of the call", "[stress][lifetime]") {
    const watchdog guard("late helpers");
    const background_load load;
    fragile::strays = 0;
    counts.reset();
    std::atomic<std::size_t> wrong = 0;
    repeat_for_a_while(20000, [&](std::size_t round) {
        parmap::pool& pool = pool_of(pool_sizes[round % pool_sizes.size()]);
        wrong += short_call(pool, round) && failing_call(pool, round) ? 0 : 1;
    });
    sleep_ms(20);
    CHECK(wrong == 0);
    CHECK(fragile::strays == 0);
    CHECK(counts.balanced());
}

TEST_CASE("threads that call once and end", "[stress][lifetime]") {
    const watchdog guard("short-lived callers");
    std::atomic<std::size_t> wrong = 0;
    repeat_for_a_while(100, [&](std::size_t round) {
        on_threads(4, [&](std::size_t who) {
            wrong += short_call(pool_of(pool_sizes[who]), round) ? 0 : 1;
        });
    });
    CHECK(wrong == 0);
}

TEST_CASE("a pool may end on another thread than it began on", "[stress][lifetime]") {
    const watchdog guard("ends elsewhere");
    std::atomic<std::size_t> wrong = 0;
    repeat_for_a_while(300, [&](std::size_t round) {
        auto pool = std::make_unique<parmap::pool>(1 + round % 4);
        wrong += short_call(*pool, round) ? 0 : 1;
        std::jthread([&wrong, round, own = std::move(pool)]() mutable {
            wrong += short_call(*own, round) ? 0 : 1;
            own.reset();
        }).join();
    });
    CHECK(wrong == 0);
}

TEST_CASE("a pool inside an item of another pool", "[stress][lifetime]") {
    const watchdog guard("pool in an item");
    for (const auto threads : pool_sizes) {
        std::atomic<std::size_t> wrong = 0;
        parmap::parallel_for_each(
            parmap::indices(60), [&](std::size_t i) { wrong += whole_life(i) ? 0 : 1; },
            {.pool = &pool_of(threads), .schedule = parmap::schedule::balanced, .grain = 1});
        CHECK(wrong == 0);
    }
}

TEST_CASE("shutdown while others call and nest: done or refused", "[stress][lifetime]") {
    const watchdog guard("shutdown under calls");
    const background_load load;
    std::atomic<std::size_t> wrong = 0, rights = 0;
    repeat_for_a_while(300, [&](std::size_t round) {
        parmap::pool pool(1 + round % 4);
        std::atomic<int> calling = 3;
        const auto nested = [&](std::size_t i) {
            return short_call(pool, i) ? std::size_t{1} : std::size_t{0};
        };
        const auto call_until_refused = [&] {
            for (bool first = true;; first = false) {
                if (first)
                    --calling;
                const auto ones = parmap::parallel_map(
                    parmap::indices(6), nested, {.pool = &pool, .schedule = schedules[round % 3]});
                const bool right = std::accumulate(ones.begin(), ones.end(), 0u) == 6;
                ++(right ? rights : wrong);
            }
        };
        on_threads(4, [&](std::size_t who) {
            if (who == 3) {
                while (calling > 0)
                    std::this_thread::yield();
                pool.shutdown();
                return;
            }
            try {
                call_until_refused();
            } catch (const std::logic_error&) {
            }
        });
    });
    CHECK(wrong == 0);
}
