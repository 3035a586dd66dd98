// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

// Fresh memory costs a page fault for every page that is written first, which is many times the
// price of the write. A huge page takes one fault where small ones take 512.

namespace parmap::detail {

/// Less memory than this need not hold one whole huge page of 2 MiB.
inline constexpr std::size_t worth_huge_pages = std::size_t{4} << 20;

/// Part of a piece of memory: it begins `offset` bytes in.
struct byte_run {
    std::size_t offset = 0;
    std::size_t bytes = 0;
    friend constexpr bool operator==(const byte_run&, const byte_run&) = default;
};

/// The pages that lie wholly within `bytes` bytes from `address` on. `page` is a power of two.
constexpr byte_run whole_pages(std::uintptr_t address, std::size_t bytes,
                               std::size_t page) noexcept {
    const auto offset = static_cast<std::size_t>(-address & (page - 1));
    if (bytes < offset)
        return {};
    return {offset, (bytes - offset) & ~(page - 1)};
}

/// Asks the system for huge pages under memory that is about to be written: what is not to be had,
/// or would be of no use, it does without. Whoever writes a page first has it filled with zeros, so
/// that threads which write side by side share that, too.
///
/// Threads: any. Errors: none. Memory around the given piece stays as it is.
inline void request_huge_pages([[maybe_unused]] void* memory,
                               [[maybe_unused]] std::size_t bytes) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (bytes < worth_huge_pages)
        return;
    static const long page = sysconf(_SC_PAGESIZE);
    if (page <= 0)
        return;
    const byte_run pages = whole_pages(reinterpret_cast<std::uintptr_t>(memory), bytes,
                                       static_cast<std::size_t>(page));
    static_cast<void>(
        madvise(static_cast<char*>(memory) + pages.offset, pages.bytes, MADV_HUGEPAGE));
#endif
}

} // namespace parmap::detail
