// SPDX-License-Identifier: Apache-2.0
//
// Draws who ran what when: one lane for each thread, as text and as SVG.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <map>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace lanes {

/// What one item wrote down about itself; times in milliseconds since its run began.
struct record {
    std::thread::id thread = {};
    double start = 0.0;
    double end = 0.0;
    double cost = 1.0;
};

/// One parallel run: a record for each item, in item order.
struct run {
    std::string title;
    std::size_t threads = 1;
    double wall = 0.0;
    std::vector<record> items;
};

/// Lane 0 is the calling thread's; the others follow in the order in which they began.
inline std::map<std::thread::id, std::size_t> lane_of(const run& shown) {
    std::vector<record> by_start = shown.items;
    std::ranges::sort(by_start, {}, &record::start);
    std::map<std::thread::id, std::size_t> lanes{{std::this_thread::get_id(), 0}};
    for (const record& item : by_start)
        lanes.try_emplace(item.thread, lanes.size());
    return lanes;
}

inline std::size_t lane_count(const run& shown) {
    return std::max(shown.threads, lane_of(shown).size());
}

inline std::string lane_name(std::size_t lane) {
    return lane == 0 ? "caller" : "worker " + std::to_string(lane);
}

/// Prints the run, `full` milliseconds wide: a letter for each item, then a rule while it ran.
inline void print(const run& shown, double full) {
    constexpr std::size_t columns = 72;
    constexpr char names[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const auto column = [full](double time) {
        const double at = std::floor(time / full * static_cast<double>(columns));
        return std::min(columns - 1, static_cast<std::size_t>(std::max(0.0, at)));
    };
    const auto lanes = lane_of(shown);
    std::vector<std::string> rows(lane_count(shown), std::string(column(shown.wall) + 1, '.'));
    for (const record& item : shown.items)
        for (std::size_t at = column(item.start); at < column(item.end); ++at)
            rows[lanes.at(item.thread)][at] = '-';
    for (std::size_t i = 0; i != shown.items.size(); ++i)
        rows[lanes.at(shown.items[i].thread)][column(shown.items[i].start)] = names[i % 62];
    std::printf("  %s\n", shown.title.c_str());
    for (std::size_t lane = 0; lane != rows.size(); ++lane)
        std::printf("  %10s |%s\n", lane_name(lane).c_str(), rows[lane].c_str());
}

namespace detail {

constexpr double left = 90.0, width = 860.0, pitch = 30.0, thickness = 24.0;

struct panel {
    std::ostream& out;
    double top;
    double full;

    double x(double time) const { return left + time / full * width; }

    void text(double at, double y, const char* style, const std::string& words) const {
        out << "<text x='" << at << "' y='" << y << "' class='" << style << "'>" << words
            << "</text>\n";
    }

    void bar(std::size_t lane, double start, double end, const std::string& colour) const {
        out << "<rect x='" << x(start) << "' y='" << top + pitch * static_cast<double>(lane)
            << "' width='" << x(end) - x(start) << "' height='" << thickness << "' fill='" << colour
            << "' stroke='#fff'/>\n";
    }

    void item(std::size_t lane, std::size_t index, const record& shown, double heaviest) const {
        const double light = 78.0 - 46.0 * std::sqrt(shown.cost / heaviest);
        bar(lane, shown.start, shown.end, "hsl(211,65%," + std::to_string(light) + "%)");
        if (x(shown.end) - x(shown.start) > 15.0)
            text(x((shown.start + shown.end) / 2.0), top + pitch * static_cast<double>(lane) + 16.5,
                 light < 60.0 ? "pale" : "dark", std::to_string(index));
    }

    void lanes(const run& shown) const {
        const auto lanes = lane_of(shown);
        double heaviest = 0.0;
        for (const record& item : shown.items)
            heaviest = std::max(heaviest, item.cost);
        for (std::size_t lane = 0; lane != lane_count(shown); ++lane) {
            bar(lane, 0.0, shown.wall, "#e6e8eb");
            text(left - 10.0, top + pitch * static_cast<double>(lane) + 16.5, "lane",
                 lane_name(lane));
        }
        for (std::size_t i = 0; i != shown.items.size(); ++i)
            item(lanes.at(shown.items[i].thread), i, shown.items[i], heaviest);
    }

    void axis(double y) const {
        const double rough = full / 12.0;
        const double power = std::pow(10.0, std::floor(std::log10(rough)));
        const double step = power * (rough < 2.0 * power ? 2.0 : rough < 5.0 * power ? 5.0 : 10.0);
        for (double time = 0.0; time <= full; time += step)
            text(x(time), y, "tick", std::to_string(std::lround(time)));
        text(left - 10.0, y, "lane", "ms");
    }
};

} // namespace detail

/// Writes one picture with a panel for each run, all on the same scale of time.
inline void write_svg(std::ostream& out, const std::vector<run>& runs) {
    const auto height_of = [](const run& shown) {
        return 66.0 + detail::pitch * static_cast<double>(lane_count(shown));
    };
    double full = 0.0;
    double height = 30.0;
    for (const run& shown : runs) {
        full = std::max(full, shown.wall);
        height += height_of(shown);
    }
    out << "<svg xmlns='http://www.w3.org/2000/svg' width='980' height='" << height << "'>\n"
        << "<style>text{font:12px sans-serif;fill:#222}.title{font-size:15px;font-weight:bold}"
           ".lane{text-anchor:end}.pale,.dark,.tick{text-anchor:middle;font-size:11px}"
           ".pale{fill:#fff}.tick,.key{fill:#666}</style>\n"
        << "<rect width='100%' height='100%' fill='#fff'/>\n";
    double top = 16.0;
    for (const run& shown : runs) {
        const detail::panel panel{out, top + 24.0, full};
        panel.text(detail::left, top + 14.0, "title", shown.title);
        panel.lanes(shown);
        top += height_of(shown);
        panel.axis(top - 30.0);
    }
    out << "<text x='" << detail::left << "' y='" << top + 4.0
        << "' class='key'>the darker an item, the heavier; grey: nothing to do</text>\n</svg>\n";
}

} // namespace lanes
