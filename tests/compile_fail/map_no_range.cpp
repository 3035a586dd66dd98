// SPDX-License-Identifier: Apache-2.0
// Something that is no range.
// refused with: parallel_range|input_range
#include <parmap/parmap.hpp>

#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    return parmap::parallel_map(numbers, [](int x) { return x; }).at(0);
#else
    return parmap::parallel_map(42, [](int x) { return x; }).at(0);
#endif
}
