// SPDX-License-Identifier: Apache-2.0
// Elements that do not convert to the type of the first value.
// refused with: mapped_to_the_type_of_init
#include <parmap/parmap.hpp>

#include <functional>
#include <string>
#include <vector>

int main() {
    std::vector<std::string> words(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    return parmap::parallel_reduce(words, std::string(), std::plus<>()).size() == 0 ? 0 : 1;
#else
    return parmap::parallel_reduce(words, 0, std::plus<>());
#endif
}
