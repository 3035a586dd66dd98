// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <optional>
#include <parmap/algorithm/filter.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/scan.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/runtime/detail/huge_pages.hpp>
#include <sstream>
#include <string>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

using parmap::detail::byte_run;
using parmap::detail::whole_pages;
using parmap::detail::worth_huge_pages;

namespace {

/// Whether the pages around an address are advised to be huge; empty where the system does not say.
std::optional<bool> advised([[maybe_unused]] const void* memory) {
#ifdef __linux__
    const auto address = reinterpret_cast<std::uintptr_t>(memory);
    std::ifstream maps("/proc/self/smaps");
    bool here = false;
    for (std::string line; std::getline(maps, line);) {
        std::istringstream words(line);
        std::string first;
        words >> first;
        if (first.ends_with(":")) {
            if (here && first == "VmFlags:")
                return (line + " ").find(" hg ") != line.npos;
            continue;
        }
        const auto dash = first.find('-');
        here = std::stoull(first.substr(0, dash), nullptr, 16) <= address &&
               address < std::stoull(first.substr(dash + 1), nullptr, 16);
    }
#endif
    return {};
}

/// Whether this system takes such advice, and says so.
bool takes_advice() {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    const std::size_t bytes = std::size_t{8} << 20;
    void* const memory = mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    madvise(memory, bytes, MADV_HUGEPAGE);
    const bool taken = advised(memory).value_or(false);
    munmap(memory, bytes);
    return taken;
#else
    return false;
#endif
}

constexpr std::size_t many = 2 * worth_huge_pages / sizeof(double);

} // namespace

TEST_CASE("the pages wholly within a piece of memory", "[runtime][huge_pages]") {
    STATIC_REQUIRE(whole_pages(0, 0, 8) == byte_run{0, 0});
    // Every piece of up to four pages, at every place within one, against a count byte by byte.
    constexpr std::size_t page = 8;
    for (std::uintptr_t address = 64; address != 64 + page; ++address) {
        for (std::size_t bytes = 0; bytes != 4 * page; ++bytes) {
            const byte_run found = whole_pages(address, bytes, page);
            std::size_t pages = 0;
            std::uintptr_t begin = 0;
            for (std::uintptr_t p = 0; p != 32; ++p) {
                if (p * page >= address && (p + 1) * page <= address + bytes) {
                    begin = pages == 0 ? p * page : begin;
                    ++pages;
                }
            }
            INFO(bytes << " bytes at " << address);
            CHECK(found.bytes == pages * page);
            CHECK((pages == 0 || address + found.offset == begin));
        }
    }
    const std::uintptr_t last = std::uintptr_t{0} - 4096;
    CHECK(whole_pages(last, 4096, 4096) == byte_run{0, 4096});
}

TEST_CASE("large memory is advised, small is not", "[runtime][huge_pages]") {
    if (!takes_advice()) {
        WARN("this system has no huge pages to ask for");
        return;
    }
    std::vector<char> before(16 * worth_huge_pages);
    char* const middle = before.data() + before.size() / 2;
    parmap::detail::request_huge_pages(before.data(), worth_huge_pages - 1);
    CHECK(advised(before.data() + worth_huge_pages / 2) == false);
    parmap::detail::request_huge_pages(middle, worth_huge_pages);
    CHECK(advised(middle + worth_huge_pages / 2) == true);
    // What lies around it is somebody else's.
    CHECK(advised(middle - 1) == false);
    CHECK(advised(middle + worth_huge_pages + 65'536) == false);
}

TEST_CASE("large results stand on pages that are asked to be huge", "[runtime][huge_pages]") {
    if (!takes_advice()) {
        WARN("this system has no huge pages to ask for");
        return;
    }
    const auto middle_of = [](const std::vector<double>& v) { return v.data() + v.size() / 2; };
    const auto half = [](std::size_t i) { return static_cast<double>(i) / 2; };
    const auto mapped = parmap::parallel_map(parmap::indices(many), half);
    CHECK(mapped[many - 1] == half(many - 1));
    const auto kept = parmap::parallel_filter(mapped, [](double x) { return x >= 0; });
    CHECK(kept == mapped);
    const auto sums = parmap::inclusive_scan(mapped, [](double a, double) { return a; });
    CHECK(sums == std::vector<double>(many, 0.0));
    if (parmap::detail::vectors_are_watched) {
        return; // values are there before the threads are
    }
    CHECK(advised(middle_of(mapped)) == true);
    CHECK(advised(middle_of(kept)) == true);
    CHECK(advised(middle_of(sums)) == true);
}
