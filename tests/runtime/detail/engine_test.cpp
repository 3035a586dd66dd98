// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/map_into.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/runtime/pool.hpp>
#include <stop_token>
#include <thread>
#include <vector>

// How many items the caller runs before others join: counted, not timed. Its items wait for
// somebody else to begin one, from that number on.

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

/// Counts what the calling thread runs until another thread runs something.
class company {
public:
    explicit company(std::size_t patience) : patience_(patience) {}

    /// An item: takes some time, and from the `patience`-th of the caller's on waits for others.
    void item() {
        if (std::this_thread::get_id() != caller_) {
            joined_ = true;
            return;
        }
        std::this_thread::sleep_for(200us);
        if (joined_ || gave_up_)
            return;
        if (++alone_ >= patience_)
            gave_up_ = !others_come();
    }

    [[nodiscard]] bool came() const { return joined_ && !gave_up_; }

private:
    bool others_come() const {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!joined_ && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(100us);
        return joined_;
    }

    const std::size_t patience_;
    const std::thread::id caller_ = std::this_thread::get_id();
    std::size_t alone_ = 0; // the caller's own
    bool gave_up_ = false;  // the same
    std::atomic<bool> joined_ = false;
};

/// A body whose items are next to nothing, but for some that are heavy: microseconds, or, from the
/// `patience`-th on that one thread has run alone, so long that another should come before the
/// last.
class heavy_in_places {
public:
    using interval = parmap::detail::interval;

    heavy_in_places(interval heavy, std::size_t patience) : heavy_(heavy), patience_(patience) {}

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for (at = items.begin; at != items.end && !watch(); ++at) {
            if (at >= heavy_.begin && at < heavy_.end)
                heavy_item();
            else if (at == 0 && others_first)
                wait_for_heavy();
        }
    }

    void discard(interval) noexcept {}

    /// Whether two threads have run heavy items.
    [[nodiscard]] bool shared() const { return second_came_; }

    bool others_first = false; // the first item waits until a heavy one has begun

private:
    void heavy_item() {
        spin(500);
        const std::thread::id me = std::this_thread::get_id();
        if (!heavy_begun_.exchange(true))
            first_ = me;
        if (first_ != me)
            second_came_ = true;
        else if (!second_came_ && ++alone_ > patience_)
            std::this_thread::sleep_for(5ms);
    }

    void wait_for_heavy() const {
        const auto end = std::chrono::steady_clock::now() + 20s;
        while (!heavy_begun_ && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(100us);
    }

    const interval heavy_;
    const std::size_t patience_;
    std::size_t alone_ = 0; // the first thread's own
    std::atomic<std::thread::id> first_;
    std::atomic<bool> heavy_begun_ = false;
    std::atomic<bool> second_came_ = false;
};

/// Runs a body on a pool of two, its items believed to take a nanosecond each.
void run_as_believed(heavy_in_places& body, std::size_t items, const std::stop_token& stop = {}) {
    parmap::pool pool(2);
    parmap::detail::site_memory memory;
    memory.note(1.0);
    parmap::detail::engine({.pool = &pool, .stop = stop}, memory).run({items}, body);
}

company* present = nullptr; // for functions, which capture nothing

double cheap(double x) {
    return x + 1;
}

double heavy(double x) {
    present->item();
    return x + 1;
}

} // namespace

TEST_CASE("short calls are shared as often as that has paid", "[runtime][engine]") {
    parmap::detail::site_memory memory;
    const auto in_place_until_next_try = [&memory] {
        unsigned calls = 0;
        while (memory.take_call_in_place() != 0)
            ++calls;
        return calls;
    };
    CHECK(in_place_until_next_try() == 0);
    for (const unsigned pause : std::initializer_list<unsigned>{1, 3, 7, 15, 31, 63, 127, 127}) {
        memory.note_sharing(false);
        CHECK(in_place_until_next_try() == pause);
    }
    // While it pays one call in 65 runs in place, to be measured.
    for (int round = 0; round < 3; ++round) {
        for (int call = 0; call < 64; ++call) {
            CHECK(in_place_until_next_try() == 0);
            memory.note_sharing(true);
        }
        CHECK(in_place_until_next_try() == 1);
    }
    memory.note_sharing(false);
    CHECK(in_place_until_next_try() == 1);
}

TEST_CASE("others join while the caller runs its first item of unknown cost", "[runtime][engine]") {
    const watchdog guard("engine: unknown");
    for (const std::size_t items : std::initializer_list<std::size_t>{2, 3, 100}) {
        INFO(items << " items");
        parmap::pool pool(2);
        company with(1);
        // A call site of its own for each number of items would be needed to forget; on the later
        // rounds items are known to be heavy, and that is no reason to come later.
        parmap::parallel_for_each(parmap::indices(items), [&](std::size_t) { with.item(); },
                                  {.pool = &pool});
        CHECK(with.came());
    }
}

TEST_CASE("others join after two items that were believed to be cheap", "[runtime][engine]") {
    const watchdog guard("engine: believed cheap");
    std::vector<double> in(64, 1.0);
    std::vector<double> out(in.size());
    for (int round = 0; round < 6; ++round) {
        // A call that asks for nothing is decided on elsewhere than one that names a pool.
        parmap::pool named(2);
        parmap::pool* const pool =
            round % 2 == 0 || parmap::default_pool().size() == 1 ? &named : nullptr;
        bool is_heavy = false;
        const auto f = [&is_heavy](double x) { return is_heavy ? heavy(x) : cheap(x); };
        for (int call = 0; call < 200; ++call)
            parmap::parallel_map_into(in, out, f, {.pool = pool});
        // One item before the first look at the clock, one more because the thread may have been
        // elsewhere, and the first one of the shared call.
        company with(3);
        present = &with;
        is_heavy = true;
        parmap::parallel_map_into(in, out, f, {.pool = pool});
        CHECK(with.came());
        CHECK(out.back() == 2.0);
    }
}

TEST_CASE("a function is not believed to cost what another of its type does", "[runtime][engine]") {
    const watchdog guard("engine: functions of one type");
    std::vector<double> in(64, 1.0);
    std::vector<double> out(in.size());
    parmap::pool pool(2);
    for (int round = 0; round < 3; ++round) {
        for (int call = 0; call < 200; ++call)
            parmap::parallel_map_into(in, out, &cheap, {.pool = &pool});
        company with(1); // others come while the caller runs its first item
        present = &with;
        parmap::parallel_map_into(in, out, &heavy, {.pool = &pool});
        CHECK(with.came());
        CHECK(out.back() == 2.0);
    }
}

TEST_CASE("items that turn heavy in the midst of a block are given back", "[runtime][engine]") {
    const watchdog guard("engine: heavy within a block");
    const std::stop_source source;
    for (int round = 0; round < 2; ++round) {
        for (const std::stop_token& stop : {std::stop_token(), source.get_token()}) {
            // All lie in the first block, a quarter of the items, that the caller takes.
            heavy_in_places body({10'000, 16'000}, 5'000);
            run_as_believed(body, 200'000, stop);
            CHECK(body.shared());
        }
    }
}

TEST_CASE("a caller that waits comes back for what a worker gives back", "[runtime][engine]") {
    const watchdog guard("engine: heavy on a worker");
    for (int round = 0; round < 2; ++round) {
        // All lie in the first block that the worker takes, while the caller is kept off them. No
        // cheap ones follow: the worker would take those next, and believe the rest to be cheap.
        heavy_in_places body({182'000, 200'000}, 5'000);
        body.others_first = true;
        run_as_believed(body, 200'000);
        CHECK(body.shared());
    }
}

TEST_CASE("a cheap call that turns heavy is shared after half a microsecond of items",
          "[runtime][engine]") {
    const watchdog guard("engine: heavy within a cheap call");
    for (int round = 0; round < 3; ++round) {
        heavy_in_places body({1'100, 2'040}, 500);
        run_as_believed(body, 4'000);
        CHECK(body.shared());
    }
}
