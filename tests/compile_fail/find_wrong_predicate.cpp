// SPDX-License-Identifier: Apache-2.0
// A predicate whose result says neither yes nor no.
// refused with: predicate_on_each_element
#include <parmap/parmap.hpp>

#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    return parmap::any_of(numbers, [](int x) { return x > 0; }) ? 1 : 0;
#else
    return parmap::any_of(numbers, [](int) { return std::string("yes"); }) ? 1 : 0;
#endif
}
