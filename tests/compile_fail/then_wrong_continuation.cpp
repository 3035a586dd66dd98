// SPDX-License-Identifier: Apache-2.0
// A continuation of a future of nothing that wants something.
// refused with: continuation_of
#include <parmap/async/submit.hpp>

int main() {
#ifdef PARMAP_TEST_GOOD_TWIN
    parmap::submit([] {}).then([] {}).get();
#else
    parmap::submit([] {}).then([](int) {}).get();
#endif
}
