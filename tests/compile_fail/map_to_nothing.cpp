// SPDX-License-Identifier: Apache-2.0
// Mapping to nothing: parallel_for_each is meant, and is what the compiler must point to.
// refused with: parallel_for_each
#include <parmap/parmap.hpp>

#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    parmap::parallel_for_each(numbers, [](int& x) { ++x; });
#else
    parmap::parallel_map(numbers, [](int& x) { ++x; });
#endif
}
