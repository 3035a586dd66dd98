// SPDX-License-Identifier: Apache-2.0
#include <parmap/parmap.hpp>

#include <vector>

int main() {
    const std::vector<int> numbers = {1, 2, 3};
    const auto doubled = parmap::parallel_map(numbers, [](int x) { return 2 * x; });
    return doubled == std::vector<int>{2, 4, 6} ? 0 : 1;
}
