// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <bit>
#include <cstddef>
#include <parmap/core/config.hpp>

namespace {

struct apart {
    alignas(parmap::detail::cache_line) char first;
    alignas(parmap::detail::cache_line) char second;
};

} // namespace

TEST_CASE("neighbours a cache line apart share none", "[core][config]") {
    CHECK(std::has_single_bit(parmap::detail::cache_line));
    CHECK(parmap::detail::cache_line >= 64);
    CHECK(offsetof(apart, second) - offsetof(apart, first) == parmap::detail::cache_line);
}

TEST_CASE("a pause ends by itself and throws nothing", "[core][config]") {
    parmap::detail::pause();
    CHECK(noexcept(parmap::detail::pause()));
}
