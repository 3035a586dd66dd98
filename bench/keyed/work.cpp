// SPDX-License-Identifier: Apache-2.0
#include "work.hpp"

#include <cmath>
#include <random>

namespace keyed {
namespace {

constexpr double ranks = 100'000;

// std's distributions differ between standard libraries; this does not.
std::size_t next_rank(std::mt19937_64& random) {
    const double uniform = static_cast<double>(random() >> 11) * 0x1p-53;
    return static_cast<std::size_t>(std::exp(uniform * std::log(ranks)));
}

// Each number another one, none twice.
std::uint64_t scatter(std::uint64_t i) {
    i *= 0x9E37'79B9'7F4A'7C15;
    return (i ^ (i >> 29)) * 0xBF58'476D'1CE4'E5B9;
}

std::string text_of(std::size_t bytes) {
    std::mt19937_64 random(1);
    std::string text;
    text.reserve(bytes + 32);
    while (text.size() < bytes) {
        for (std::size_t rank = next_rank(random); rank != 0; rank /= 21)
            text += "etaoinshrdlucmwfgypbv"[rank % 21];
        text += ' ';
    }
    return text;
}

template <class T, class Next>
const std::vector<T>& made_once(std::vector<T>& all, std::size_t n, Next next) {
    all.reserve(n);
    while (all.size() < n)
        all.push_back(next(all.size()));
    return all;
}

} // namespace

const std::vector<std::string_view>& words(std::size_t bytes) {
    static const std::string text = text_of(bytes);
    static std::vector<std::string_view> all;
    for (std::size_t begin = 0; all.empty() || begin < text.size();) {
        const std::size_t end = text.find(' ', begin);
        all.push_back(std::string_view(text).substr(begin, end - begin));
        begin = end + 1;
    }
    return all;
}

const std::vector<std::uint64_t>& skewed(std::size_t n) {
    static std::vector<std::uint64_t> all;
    std::mt19937_64 random(2);
    return made_once(all, n, [&random](std::size_t) { return scatter(next_rank(random)); });
}

const std::vector<std::uint64_t>& scattered(std::size_t n) {
    static std::vector<std::uint64_t> all;
    return made_once(all, n, [](std::size_t i) { return scatter(i); });
}

const std::vector<std::uint64_t>& counted_up(std::size_t n) {
    static std::vector<std::uint64_t> all;
    return made_once(all, n, [](std::size_t i) { return std::uint64_t{i}; });
}

const std::vector<sale>& sales(std::size_t n) {
    static std::vector<sale> all;
    std::mt19937_64 random(3);
    return made_once(all, n, [&random](std::size_t) {
        const auto customer = static_cast<std::uint32_t>(random() % 10'000);
        return sale{customer, static_cast<std::uint32_t>(random() % 1'000)};
    });
}

} // namespace keyed
