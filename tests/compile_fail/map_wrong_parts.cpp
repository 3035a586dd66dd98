// SPDX-License-Identifier: Apache-2.0
// A callable with more parameters than the tuple has parts.
// refused with: callable_with_each_element
#include <parmap/parmap.hpp>

#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    return parmap::parallel_map(parmap::grid(2, 2),
                                [](auto i, auto j) { return static_cast<int>(i + j); })
        .at(0);
#else
    return parmap::parallel_map(parmap::grid(2, 2), [](int i, int j, int k) { return i + j + k; })
        .at(0);
#endif
}
