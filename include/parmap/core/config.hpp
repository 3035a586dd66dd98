// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

// Every macro of the library stands here; there are none so far that a user could meet.

namespace parmap::detail {

/// Bytes that keep two threads' data on separate cache lines, adjacent-line prefetch included.
inline constexpr std::size_t cache_line = 128;

/// Tells the core that this is a spinning wait, so that it spares power and its sibling thread.
inline void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) && (defined(__GNUC__) || defined(__clang__))
    asm volatile("isb" ::: "memory");
#endif
}

/// Asks for memory that will be read soon, all of it at once.
inline void prefetch(const void* memory, std::size_t bytes) noexcept {
#if defined(__GNUC__) || defined(__clang__)
    constexpr std::size_t line = 64;
    for (std::size_t at = 0; at < bytes; at += line)
        __builtin_prefetch(static_cast<const char*>(memory) + at);
#else
    static_cast<void>(memory);
    static_cast<void>(bytes);
#endif
}

/// The same for memory that is about to be written: takes it out of other cores' caches.
inline void prefetch_to_write([[maybe_unused]] const void* memory,
                              [[maybe_unused]] std::size_t bytes) noexcept {
#if (defined(__GNUC__) || defined(__clang__)) && (defined(__x86_64__) || defined(__i386__))
    constexpr std::size_t line = 64;
    for (std::size_t at = 0; at < bytes; at += line)
        asm volatile("prefetchw %0" : : "m"(static_cast<const char*>(memory)[at]));
#endif
}

} // namespace parmap::detail
