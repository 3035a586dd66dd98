// SPDX-License-Identifier: Apache-2.0
// A map that cannot take the range's elements.
// refused with: callable_with_each_element
#include <parmap/parmap.hpp>

#include <functional>
#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    return parmap::map_reduce(numbers, [](int x) { return 2 * x; }, 0, std::plus<>());
#else
    return parmap::map_reduce(numbers, [](std::string x) { return 1; }, 0, std::plus<>());
#endif
}
