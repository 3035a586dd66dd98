// SPDX-License-Identifier: Apache-2.0
#include "workspace.hpp"

#include <algorithm>
#include <limits>

namespace overhead {

// Reserved pages cost nothing until they are touched.
workspace::workspace() {
    in_.reserve(most_items);
    out_.reserve(most_items + apart);
}

workspace& workspace::with(std::size_t n) {
    static workspace all;
    while (all.in_.size() < n)
        all.in_.push_back(1.0 + static_cast<double>(all.in_.size() % 1009) / 1009.0);
    if (all.out_.size() < n + apart)
        all.out_.resize(n + apart);
    return all;
}

void workspace::spoil(std::size_t n) {
    std::fill_n(out(), n, std::numeric_limits<double>::quiet_NaN());
    made.clear();
}

double checksum_of(const double* values, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += values[i] * static_cast<double>(1 + i % 7);
    return sum;
}

} // namespace overhead
