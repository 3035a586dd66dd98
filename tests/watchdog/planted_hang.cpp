// SPDX-License-Identifier: Apache-2.0
// Never ends by itself: what tests/support/watchdog.hpp has to show.
#include "support/gate.hpp"
#include "support/watchdog.hpp"

#include <chrono>
#include <cstdio>

namespace parmap_test {

[[gnu::noinline]] void nobody_wakes_this(gate& closed) {
    closed.pass();
    std::puts("awake"); // else the call is a jump, and this function on no stack
}

} // namespace parmap_test

int main() {
    const parmap_test::watchdog dog("planted hang", std::chrono::seconds(1));
    parmap_test::gate closed;
    parmap_test::nobody_wakes_this(closed);
}
