// SPDX-License-Identifier: Apache-2.0
// An operation that cannot combine two values of the type of the first one.
// refused with: combines_two_values
#include <parmap/parmap.hpp>

#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    return parmap::parallel_reduce(numbers, 0, [](int a, int b) { return a + b; });
#else
    return parmap::parallel_reduce(numbers, 0, [](int a, std::string b) { return a + b.size(); });
#endif
}
