// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

namespace parmap::detail {

/// A clock that is cheap to read and counts in units of its own, some for each nanosecond or so:
/// good for telling a long time from a short one on one thread.
inline std::uint64_t ticks() noexcept {
#if (defined(__x86_64__) || defined(__i386__)) && (defined(__GNUC__) || defined(__clang__))
    return __builtin_ia32_rdtsc();
#else
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

} // namespace parmap::detail
