// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <parmap/runtime/pool.hpp>

namespace parmap_test {

/// One thread, as many as a small machine has, an odd number, more than it has.
inline constexpr std::array<std::size_t, 4> pool_sizes{1, 2, 3, 8};

/// A pool of that many threads, made once and shared by all tests of the executable.
inline parmap::pool& pool_of(std::size_t threads) {
    static std::mutex mutex;
    // Never destroyed: what their workers hold at the process's end is then still reachable.
    static auto& pools = *new std::map<std::size_t, std::unique_ptr<parmap::pool>>;
    const std::lock_guard lock(mutex);
    auto& pool = pools[threads];
    if (!pool) {
        pool = std::make_unique<parmap::pool>(threads);
    }
    return *pool;
}

} // namespace parmap_test
