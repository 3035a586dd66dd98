// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contestant.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace kernels_bench {

/// Where the numbers are and who works.
struct place {
    const char* name;
    std::size_t elements;
    bool all_threads;
};

inline constexpr std::size_t places = 4;

struct row {
    std::string who, how;
    std::array<double, places> ns{}; // an element
    double ulp = 0;                  // the largest error met with; negative: not asked
};

struct figures {
    std::array<place, places> at;
    double cycle_ns = 0; // of a chain of dependent additions, so without a frequency from anywhere
    std::vector<row> doubles, floats;
};

/// Runs all contestants in turn, many times; the figures are medians.
figures measure(const contest& all, bool quick);

} // namespace kernels_bench
