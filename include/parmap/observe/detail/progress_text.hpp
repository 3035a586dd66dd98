// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/progress.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

// How far a call has come, in words: pure text, whatever shows it.

namespace parmap::detail {

/// 950, 12.3k, 4.56M: four characters or so for any number.
inline std::string short_number(double value) {
    constexpr std::array<const char*, 5> units{"", "k", "M", "G", "T"};
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 != units.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = unit == 0 && (value >= 100 || value == std::floor(value)) ? 0
                         : value >= 99.95                                          ? 0
                         : value >= 9.995                                          ? 1
                                                                                   : 2;
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.*f%s", decimals, value, units[unit]);
    return text.data();
}

/// 0:07, 12:34, 1:02:03, and 9d 23h where days go by.
inline std::string short_time(double seconds) {
    const auto all = static_cast<long long>(std::clamp(seconds, 0.0, 1e9));
    const long long hours = all / 3600;
    const long long minutes = all / 60 % 60;
    std::array<char, 64> text{};
    if (hours >= 100) {
        std::snprintf(text.data(), text.size(), "%lldd %lldh", hours / 24, hours % 24);
    } else if (hours > 0) {
        std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", hours, minutes, all % 60);
    } else {
        std::snprintf(text.data(), text.size(), "%lld:%02lld", minutes, all % 60);
    }
    return text.data();
}

/// What is known of a call: count, rate, elapsed and remaining time, the most telling first.
struct progress_words {
    std::string count;
    std::string elapsed;
    std::string left; ///< empty where the total is not known
    std::string rate;

    progress_words(progress now, double seconds)
        : count(std::to_string(now.done)), elapsed(short_time(seconds)) {
        const auto done = static_cast<double>(now.done);
        if (now.total != 0) {
            count += '/';
            count += std::to_string(now.total);
            if (now.done != 0) {
                const auto more = static_cast<double>(now.total - std::min(now.done, now.total));
                left = short_time(seconds * more / done) + " left";
            }
        }
        if (seconds > 0)
            rate = short_number(done / seconds) + "/s";
    }
};

/// A line of text no wider than `columns`: what does not fit is left out, the bar first.
/// `colour` has the bar coloured by escape sequences, which take no columns.
inline std::string progress_line(const std::string& label, progress now, double seconds,
                                 std::size_t columns, bool colour) {
    const progress_words words(now, seconds);
    std::string head = label.empty() ? "" : label + " ";
    std::string line = words.count;
    for (const std::string* part : {&words.left, &words.elapsed, &words.rate}) {
        if (!part->empty() && line.size() + 2 + part->size() <= columns)
            line += "  " + *part;
    }
    if (head.size() + line.size() > columns)
        head.clear();
    if (line.size() > columns)
        return line.substr(0, columns);

    const std::size_t room = columns - head.size() - line.size();
    constexpr std::size_t narrowest = 8;
    constexpr std::size_t widest = 40;
    if (now.total == 0 || room < narrowest + 3)
        return head + line;
    const std::size_t width = std::min(room - 3, widest);
    const std::size_t full = static_cast<std::size_t>(
        static_cast<double>(width) *
        std::min(1.0, static_cast<double>(now.done) / static_cast<double>(now.total)));
    const std::string filled(full, '#');
    return head + "[" + (colour ? "\x1b[32m" + filled + "\x1b[0m" : filled) +
           std::string(width - full, '.') + "] " + line;
}

} // namespace parmap::detail
