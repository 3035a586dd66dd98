// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace showdown {

/// One measured line of the table, for the whole job: every element of every input.
struct row {
    std::string name;
    kind input = kind::ones;
    std::size_t threads = 1;
    double seconds = 0;
    double speedup = 1; // against the row `serial` of the same input
    double ns_per_element = 0;
    double gbytes_per_s = 0;
    double checksum = 0;
    std::string note;    // empty: nothing to explain
    bool python = false; // measured by CPython
};

/// Everything that the table, the JSON and the picture are made from.
struct results {
    double scale_gbytes_per_s = 0; // y = a * x on all threads: what the machine's memory gives
    std::size_t scale_threads = 1;
    std::vector<row> rows;
    std::vector<std::string> notes; // about no single row
};

inline double median(std::vector<double> values) {
    std::ranges::sort(values);
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// The figures that follow from a row's time.
inline void derive(row& r, const config& c, double serial_seconds) {
    const auto elements = static_cast<double>(c.size) * static_cast<double>(c.inputs);
    r.speedup = serial_seconds / r.seconds;
    r.ns_per_element = r.seconds * 1e9 / elements;
    r.gbytes_per_s = bytes_per_element * elements / r.seconds / 1e9;
}

} // namespace showdown
