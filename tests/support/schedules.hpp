// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/catch.hpp"
#include "support/pools.hpp"

#include <array>
#include <cstddef>
#include <parmap/core/options.hpp>
#include <string>
#include <vector>

namespace parmap_test {

inline constexpr std::array<parmap::schedule, 4> schedules{
    parmap::schedule::adaptive, parmap::schedule::balanced, parmap::schedule::direct,
    parmap::schedule::serial};

inline constexpr std::array<parmap::schedule, 3> parallel_schedules{
    parmap::schedule::adaptive, parmap::schedule::balanced, parmap::schedule::direct};

inline constexpr std::array<std::size_t, 8> small_sizes{0, 1, 2, 3, 31, 32, 33, 1000};

inline const char* name_of(parmap::schedule schedule) {
    switch (schedule) {
    case parmap::schedule::adaptive:
        return "adaptive";
    case parmap::schedule::balanced:
        return "balanced";
    case parmap::schedule::direct:
        return "direct";
    case parmap::schedule::serial:
        return "serial";
    }
    return "no such schedule";
}

/// One way to run a verb: what a result must not depend on.
struct setting {
    parmap::schedule schedule = parmap::schedule::adaptive;
    std::size_t threads = 1;
    std::size_t grain = 0;

    parmap::options options() const {
        return {.pool = &pool_of(threads), .schedule = schedule, .grain = grain};
    }
    std::string name() const {
        return std::string(name_of(schedule)) + ", pool(" + std::to_string(threads) + "), grain " +
               std::to_string(grain);
    }
};

/// The options of a setting for a stream.
inline parmap::options with_window(const setting& now, std::size_t window) {
    parmap::options how = now.options();
    how.window = window;
    return how;
}

/// Grains worth trying for n items: chosen by the library, one by one, odd, a whole cache line or
/// more, all in one chunk, and a chunk that is never filled.
inline std::vector<std::size_t> grains_for(std::size_t n) {
    return n > 1000 ? std::vector<std::size_t>{0, 64, n + 1}
                    : std::vector<std::size_t>{0, 1, 7, 64, n, n + 1};
}

/// Calls body(setting) for every schedule, pool size and each of the grains.
template <class Body>
void for_each_setting(const std::vector<std::size_t>& grains, Body body) {
    for (const auto schedule : schedules) {
        for (const auto threads : pool_sizes) {
            for (const auto grain : grains) {
                const setting now{schedule, threads, grain};
                INFO(now.name());
                body(now);
            }
        }
    }
}

/// The same where the grain is not what is tried.
template <class Body>
void for_each_setting(Body body) {
    for_each_setting({0, 1}, body);
}

/// One caller alone and one with helpers, under every schedule: where items sleep for real.
template <class Body>
void for_few_settings(Body body) {
    for (const auto schedule : schedules) {
        for (const std::size_t threads : {1u, 3u}) {
            const setting now{schedule, threads, 0};
            INFO(now.name());
            body(now);
        }
    }
}

} // namespace parmap_test
