// SPDX-License-Identifier: Apache-2.0
// A kernel that takes elements, where it is given spans.
// refused with: block_kernel
#include <parmap/parmap.hpp>

#include <span>
#include <string>
#include <vector>

int main() {
    std::vector<int> numbers(8);
#ifdef PARMAP_TEST_GOOD_TWIN
    parmap::parallel_map_blocks(numbers, numbers, [](std::span<const int>, std::span<int>) {});
#else
    parmap::parallel_map_blocks(numbers, numbers, [](int x) { return x; });
#endif
}
