// SPDX-License-Identifier: Apache-2.0
// A key that `std::unordered_map` cannot hash.
// refused with: makes_a_key_of_each_element
#include <parmap/algorithm/count_by.hpp>

#include <vector>

int main() {
    struct unhashable {
        int value;
    };
    const std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    (void)parmap::count_by(numbers, [](int x) { return unhashable{x}.value; });
#else
    (void)parmap::count_by(numbers, [](int x) { return unhashable{x}; });
#endif
}
