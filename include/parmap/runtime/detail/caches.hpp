// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>

#ifdef __linux__
#include <unistd.h>
#endif

namespace parmap::detail {

/// The bytes of a core's own first cache, or 0 where the system does not tell.
inline std::size_t told_level1_cache() noexcept {
#if defined(__linux__) && defined(_SC_LEVEL1_DCACHE_SIZE)
    const long bytes = sysconf(_SC_LEVEL1_DCACHE_SIZE);
    return bytes > 0 ? static_cast<std::size_t>(bytes) : 0;
#else
    return 0;
#endif
}

/// How many elements to work on at a time, each with `bytes_each` bytes of input and output, so
/// that both take half of a cache and what is done between them finds room in the other half.
///
/// A power of two, so that caches which are nearly alike (32 and 48 KiB) give the same.
constexpr std::size_t cached_elements(std::size_t bytes_each, std::size_t cache) noexcept {
    constexpr std::size_t usual = 32 * 1024;
    const std::size_t believed = std::clamp<std::size_t>(cache, usual / 2, 8 * usual);
    const std::size_t half = (cache != 0 ? believed : usual) / 2;
    return std::bit_floor(std::max<std::size_t>(half / bytes_each, 1));
}

/// The same for this machine, which is asked once.
inline std::size_t cached_elements(std::size_t bytes_each) noexcept {
    static const std::size_t cache = told_level1_cache();
    return cached_elements(bytes_each, cache);
}

} // namespace parmap::detail
