// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <parmap/core/progress.hpp>

TEST_CASE("progress starts at nothing done of an unknown total", "[core][progress]") {
    const parmap::progress start;
    CHECK(start.done == 0);
    CHECK(start.total == 0);
    const parmap::progress half{.done = 1, .total = 2};
    CHECK(half.done == 1);
    CHECK(half.total == 2);
}
