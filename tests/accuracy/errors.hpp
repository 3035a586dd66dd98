// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simd/kernel_checks.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace accuracy {

inline constexpr std::size_t functions = std::size(parmap_tests::all_names);

/// The largest error in ULP of each kernel: [instruction set][function]. A wrong infinity or NaN
/// counts as infinite.
struct worst_errors {
    std::vector<std::array<double, functions>> by_set;

    explicit worst_errors(std::size_t sets = 0) : by_set(sets) {}

    void note(std::size_t set, std::size_t function, double ulp) {
        if (!(ulp <= by_set[set][function]))
            by_set[set][function] = ulp == ulp ? ulp : std::numeric_limits<double>::infinity();
    }

    friend worst_errors operator+(worst_errors a, const worst_errors& b) {
        for (std::size_t set = 0; set < a.by_set.size(); ++set) {
            for (std::size_t f = 0; f < functions; ++f)
                a.note(set, f, b.by_set[set][f]);
        }
        return a;
    }
};

/// A class of points and what was found there.
struct finding {
    std::string points;
    worst_errors worst;
};

/// `points` random doubles in each class, held against MPFR.
std::vector<finding> measure_doubles(std::size_t points);

/// Every `stride`th of the 2^32 floats, held against the double-precision kernels, which
/// `measure_doubles` has judged.
finding measure_floats(std::size_t stride);

} // namespace accuracy
