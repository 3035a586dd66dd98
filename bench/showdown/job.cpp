// SPDX-License-Identifier: Apache-2.0
#include "job.hpp"

#include <algorithm>
#include <cmath>

namespace showdown {

double input_value(kind k, std::uint64_t position) {
    if (k == kind::ones) {
        return 1.0;
    }
    auto bits = (position + 1) * 0x9E3779B97F4A7C15U;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBU;
    bits ^= bits >> 31;
    const double unit = static_cast<double>(bits >> 11) * 0x1p-53; // in [0, 1)
    return unit * 10.0 - 5.0;
}

job make_job(const config& c, kind k) {
    job j;
    std::uint64_t position = 0;
    for (std::size_t i = 0; i < c.inputs; ++i) {
        auto& input = j.in.emplace_back(c.size);
        for (auto& element : input) {
            element = input_value(k, position++);
        }
        j.out.emplace_back(c.size);
    }
    return j;
}

void checksum::add(double value) {
    const double sum = sum_ + value;
    lost_ += std::abs(sum_) >= std::abs(value) ? (sum_ - sum) + value : (value - sum) + sum_;
    sum_ = sum;
}

// Compensating sums of eight instead of single elements is several times as fast, and each such sum
// errs by three roundings of its own small size only.
void checksum::add(std::span<const double> values) {
    constexpr std::size_t block = 8;
    std::size_t i = 0;
    for (; i + block <= values.size(); i += block) {
        const auto* const v = values.data() + i;
        add(((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7])));
    }
    for (; i < values.size(); ++i) {
        add(values[i]);
    }
}

double checksum_of(const std::vector<std::vector<double>>& outputs) {
    checksum total;
    for (const auto& output : outputs) {
        total.add(output);
    }
    return total.value();
}

bool agree(double a, double b) {
    return std::abs(a - b) <= checksum_tolerance * std::max(std::abs(a), std::abs(b));
}

} // namespace showdown
