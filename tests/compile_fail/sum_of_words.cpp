// SPDX-License-Identifier: Apache-2.0
// A sum of what are no numbers.
// refused with: range_of_numbers
#include <parmap/parmap.hpp>

#include <string>
#include <vector>

int main() {
    std::vector<std::string> words(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    return static_cast<int>(parmap::sum(std::vector<int>(8)));
#else
    return static_cast<int>(parmap::sum(words));
#endif
}
