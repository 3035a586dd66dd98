// SPDX-License-Identifier: Apache-2.0
#include "wording.hpp"

#include <array>
#include <cstdio>

namespace showdown {
namespace {

std::string three_digits(double value) {
    return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

} // namespace

std::string grouped(std::size_t value) {
    auto text = std::to_string(value);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return text;
}

std::string fixed(double value, int decimals) {
    std::array<char, 400> text; // the largest double has 309 digits before the point
    std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
    return text.data();
}

std::string duration(double seconds) {
    if (seconds >= 0.9995) {
        return three_digits(seconds) + " s";
    }
    if (seconds >= 0.9995e-3) {
        return three_digits(seconds * 1e3) + " ms";
    }
    if (seconds >= 0.9995e-6) {
        return three_digits(seconds * 1e6) + " us";
    }
    return fixed(seconds * 1e9, 0) + " ns";
}

std::string factor(double speedup) {
    return three_digits(speedup) + "x";
}

std::string thread_count(std::size_t threads) {
    return std::to_string(threads) + (threads == 1 ? " thread" : " threads");
}

} // namespace showdown
