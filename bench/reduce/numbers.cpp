// SPDX-License-Identifier: Apache-2.0
#include "numbers.hpp"

#include <random>

namespace reduce {

std::span<const double> numbers(std::size_t n) {
    static std::vector<double> all;
    if (all.size() < n) {
        const std::size_t before = all.size();
        all.resize(n);
        for (std::size_t i = before; i != n; ++i)
            all[i] = static_cast<double>(i % 1'009) - 504;
    }
    return std::span(all).first(n);
}

const std::vector<double>& unsorted_numbers(std::size_t n) {
    static std::vector<double> all;
    std::mt19937_64 random(1);
    while (all.size() != n)
        all.push_back(static_cast<double>(random() >> 12));
    return all;
}

const std::vector<std::string>& unsorted_strings(std::size_t n) {
    static std::vector<std::string> all;
    std::mt19937_64 random(2);
    while (all.size() != n) {
        std::string next(4 + random() % 20, 'a');
        for (char& letter : next)
            letter = static_cast<char>('a' + random() % 26);
        all.push_back(next);
    }
    return all;
}

} // namespace reduce
