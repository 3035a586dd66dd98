// SPDX-License-Identifier: Apache-2.0
// An output whose elements cannot hold the results.
// refused with: output_of_each_result
#include <parmap/parmap.hpp>

#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    parmap::parallel_map_into(numbers, numbers, [](int x) { return x; });
#else
    parmap::parallel_map_into(numbers, numbers, [](int x) { return std::to_string(x); });
#endif
}
