// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <bit>
#include <cstddef>
#include <limits>
#include <parmap/runtime/detail/caches.hpp>

using parmap::detail::cached_elements;

TEST_CASE("a block takes half of the cache, in whole powers of two", "[runtime][caches]") {
    constexpr std::size_t kib = 1024;
    STATIC_REQUIRE(cached_elements(16, 32 * kib) == 1024);
    STATIC_REQUIRE(cached_elements(16, 48 * kib) == 1024);
    STATIC_REQUIRE(cached_elements(16, 64 * kib) == 2048);
    STATIC_REQUIRE(cached_elements(12, 32 * kib) == 1024);
    STATIC_REQUIRE(cached_elements(2, 32 * kib) == 8192);
    // Nobody told, or what was told cannot be.
    STATIC_REQUIRE(cached_elements(16, 0) == 1024);
    STATIC_REQUIRE(cached_elements(16, 1) == 512);
    STATIC_REQUIRE(cached_elements(16, std::numeric_limits<std::size_t>::max()) == 8192);
    // One element at least, however large.
    STATIC_REQUIRE(cached_elements(std::size_t{1} << 40, 32 * kib) == 1);
    for (std::size_t bytes = 1; bytes <= 40'000; bytes += 7) {
        const std::size_t count = cached_elements(bytes, 32 * kib);
        CHECK(std::has_single_bit(count));
        CHECK((count == 1 || count * bytes <= 16 * kib));
        CHECK(2 * count * bytes > 16 * kib);
    }
}

TEST_CASE("this machine's cache gives the same block each time", "[runtime][caches]") {
    CHECK(std::has_single_bit(cached_elements(16)));
    CHECK(cached_elements(16) >= 512);
    CHECK(cached_elements(16) <= 8192);
    CHECK(cached_elements(16) == cached_elements(16, parmap::detail::told_level1_cache()));
}
