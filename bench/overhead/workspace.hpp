// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace overhead {

/// One set of arrays for all benchmarks of the program: none pays for touching new pages, and all
/// see the same addresses.
class workspace {
public:
    static constexpr std::size_t most_items = 10'000'000;

    /// With at least n elements.
    static workspace& with(std::size_t n);

    const double* in() const { return in_.data(); }
    double* out() { return out_.data() + apart; }

    /// Makes the first n outputs NaN, and `made` empty.
    void spoil(std::size_t n);

    std::vector<double> made; // where the results of what returns them go

private:
    // Large arrays begin at the same place in a page, and an address that differs from another in
    // nothing but the page is slower to store to: 44 ns became 35 for 100 squares.
    static constexpr std::size_t apart = 8;

    workspace();

    std::vector<double> in_, out_;
};

/// Differs for results that are swapped, left out or wrong.
double checksum_of(const double* values, std::size_t n);

} // namespace overhead
