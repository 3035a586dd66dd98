// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/item_error.hpp"
#include "support/one_pass.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <numeric>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/map_into.hpp>
#include <parmap/algorithm/try_map.hpp>
#include <parmap/core/indices.hpp>
#include <thread>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

/// The number of leaves of a tree of nested maps, each level on its own pool if there are more.
std::size_t leaves(int depth, std::size_t width, const setting& now, bool cross_pools) {
    if (depth == 0) {
        return 1;
    }
    setting inner = now;
    if (cross_pools) {
        inner.threads = pool_sizes[static_cast<std::size_t>(depth) % pool_sizes.size()];
    }
    const auto counts = parmap::parallel_map(
        parmap::indices(width),
        [&](std::size_t) { return leaves(depth - 1, width, now, cross_pools); }, inner.options());
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

/// Notes whether a thread that is inside an outer item begins another one.
class stranger_detector {
public:
    class outer_item {
    public:
        explicit outer_item(stranger_detector& all) {
            if (depth_++ > 0) {
                all.met_ = true;
            }
        }
        outer_item(const outer_item&) = delete;
        outer_item& operator=(const outer_item&) = delete;
        ~outer_item() { --depth_; }
    };
    bool met() const { return met_; }

private:
    static inline thread_local int depth_ = 0;
    std::atomic<bool> met_ = false;
};

/// An inner call that makes its caller wait: others hold its items for a while.
void inner_call(const setting& now) {
    const auto caller = std::this_thread::get_id();
    parmap::parallel_for_each(
        parmap::indices(std::size_t{4}),
        [&](std::size_t) {
            std::this_thread::sleep_for(std::this_thread::get_id() == caller ? 0us : 300us);
        },
        now.options());
}

} // namespace

TEST_CASE("maps nest to any depth on any pool", "[algorithm][map][nesting]") {
    const watchdog guard("nesting: depth");
    for_each_setting([](const setting& now) {
        CHECK(leaves(3, 5, now, false) == 125);
        CHECK(leaves(7, 2, now, false) == 128);
    });
}

TEST_CASE("nested calls may alternate between pools", "[algorithm][map][nesting]") {
    const watchdog guard("nesting: pools");
    for_each_setting([](const setting& now) { CHECK(leaves(6, 2, now, true) == 64); });
}

TEST_CASE("two calls that cross two pools do not deadlock", "[algorithm][map][nesting]") {
    const watchdog guard("nesting: crossing");
    for (const auto schedule : schedules) {
        for (const std::size_t a : pool_sizes) {
            for (const std::size_t b : pool_sizes) {
                std::atomic<std::size_t> sum = 0;
                const auto cross = [&](std::size_t outer, std::size_t inner) {
                    parmap::parallel_for_each(
                        parmap::indices(std::size_t{8}),
                        [&](std::size_t) {
                            parmap::parallel_for_each(
                                parmap::indices(std::size_t{8}), [&](std::size_t i) { sum += i; },
                                setting{schedule, inner, 1}.options());
                        },
                        setting{schedule, outer, 1}.options());
                };
                std::thread other([&] { cross(b, a); });
                cross(a, b);
                other.join();
                CHECK(sum == 2 * 8 * 28);
            }
        }
    }
}

TEST_CASE("a thread that waits for its inner call begins no other outer item",
          "[algorithm][map][nesting]") {
    const watchdog guard("nesting: strangers");
    for_each_setting([](const setting& now) {
        stranger_detector detector;
        parmap::parallel_for_each(
            parmap::indices(std::size_t{40}),
            [&](std::size_t) {
                const stranger_detector::outer_item item(detector);
                inner_call(now);
            },
            now.options());
        CHECK_FALSE(detector.met());
    });
}

TEST_CASE("not even if the inner call is another pool's", "[algorithm][map][nesting]") {
    const watchdog guard("nesting: strangers of another pool");
    for (const auto schedule : schedules) {
        for (const std::size_t outer : pool_sizes) {
            for (const std::size_t inner : pool_sizes) {
                stranger_detector detector;
                const auto call = [&] {
                    parmap::parallel_for_each(
                        parmap::indices(std::size_t{10}),
                        [&](std::size_t) {
                            const stranger_detector::outer_item item(detector);
                            inner_call({schedule, inner, 1});
                        },
                        setting{schedule, outer, 1}.options());
                };
                std::thread other(call); // a second call's items are strangers, too
                call();
                other.join();
                CHECK_FALSE(detector.met());
            }
        }
    }
}

TEST_CASE("a lock may be held around an inner call", "[algorithm][map][nesting]") {
    const watchdog guard("nesting: lock");
    for_each_setting([](const setting& now) {
        std::mutex mutex; // not recursive: a stranger on the holding thread would never return
        std::size_t total = 0;
        parmap::parallel_for_each(
            parmap::indices(std::size_t{20}),
            [&](std::size_t) {
                const std::lock_guard lock(mutex);
                inner_call(now);
                ++total;
            },
            now.options());
        CHECK(total == 20);
    });
}

TEST_CASE("inner work of one item can use threads that outer items leave idle",
          "[algorithm][map][nesting]") {
    const watchdog guard("nesting: idle threads");
    for (const auto schedule : parallel_schedules) {
        std::atomic<std::size_t> inside = 0;
        const auto both = [&](std::size_t) {
            ++inside;
            for (int k = 0; k < 200'000 && inside < 2; ++k) {
                std::this_thread::sleep_for(100us);
            }
            return inside >= 2;
        };
        const auto out = parmap::parallel_map(
            parmap::indices(std::size_t{1}),
            [&](std::size_t) {
                return parmap::parallel_map(parmap::indices(std::size_t{2}), both,
                                            setting{schedule, 2, 1}.options());
            },
            setting{schedule, 2, 1}.options());
        INFO(name_of(schedule));
        CHECK(out[0] == std::vector<bool>{true, true});
    }
}

TEST_CASE("errors pass through nested calls as through nested loops",
          "[algorithm][map][nesting][errors]") {
    const watchdog guard("nesting: errors");
    for_each_setting([](const setting& now) {
        const auto index = failing_index([&] {
            parmap::parallel_for_each(
                parmap::indices(std::size_t{12}),
                [&](std::size_t i) {
                    parmap::parallel_for_each(
                        parmap::indices(std::size_t{12}),
                        [i](std::size_t j) {
                            if (i >= 5 && j >= 7) {
                                throw item_error(100 * i + j);
                            }
                        },
                        now.options());
                },
                now.options());
        });
        CHECK(index == std::size_t{507});
    });
}

TEST_CASE("any verb may run inside any other", "[algorithm][map][nesting]") {
    const watchdog guard("nesting: verbs");
    for_each_setting([](const setting& now) {
        const auto with = now.options();
        const std::list<int> linked{1, 2, 3};
        const auto f = [&](std::size_t i) {
            std::vector<int> out(3);
            parmap::parallel_map_into(linked, out, [](int x) { return x * x; }, with);
            const auto tried = parmap::parallel_try_map(out, [](int x) { return x + 1; }, with);
            std::atomic<int> sum = static_cast<int>(i);
            parmap::parallel_for_each(
                one_pass(3, [](std::size_t k) { return k; }),
                [&](std::size_t k) { sum += tried[k].value(); }, with);
            return sum.load();
        };
        const auto out = parmap::parallel_try_map(parmap::indices(std::size_t{20}), f, with);
        CHECK(out[19].value() == 19 + 2 + 5 + 10);
    });
}
