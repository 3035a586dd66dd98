// SPDX-License-Identifier: Apache-2.0
// check_house TOP: says where the tree below TOP breaks the rules of the house; exit 1 if it does.
#include "rules.hpp"

#include <algorithm>
#include <cstdio>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: check_house TOP\n");
        return 2;
    }
    const auto files = house::load(argv[1]);
    const auto is_header = [](const auto& entry) {
        return entry.first.starts_with("include/parmap/");
    };
    const auto headers = std::ranges::count_if(files, is_header);
    if (headers == 0) {
        std::fprintf(stderr, "%s holds no include/parmap\n", argv[1]);
        return 2;
    }
    const auto found = house::violations(files);
    for (const auto& violation : found) {
        std::fprintf(stderr, "%s\n", violation.c_str());
    }
    std::printf("%td headers, %zu violations\n", headers, found.size());
    return found.empty() ? 0 : 1;
}
