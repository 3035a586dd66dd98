// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <parmap/core/options.hpp>
#include <parmap/core/schedule.hpp>
#include <set>

TEST_CASE("there are four schedules, and adaptive is the default", "[core][schedule]") {
    using parmap::schedule;
    const std::set<schedule> all = {schedule::adaptive, schedule::balanced, schedule::direct,
                                    schedule::serial};
    CHECK(all.size() == 4);
    CHECK(schedule{} == schedule::adaptive);
    CHECK(parmap::options{}.schedule == schedule::adaptive);
}
