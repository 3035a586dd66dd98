// SPDX-License-Identifier: Apache-2.0
// A callable that cannot take the range's elements.
// refused with: callable_with_each_element
#include <parmap/parmap.hpp>

#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    return static_cast<int>(parmap::parallel_try_map(numbers, [](int x) { return x; }).size());
#else
    return static_cast<int>(
        parmap::parallel_try_map(numbers, [](std::string x) { return x; }).size());
#endif
}
