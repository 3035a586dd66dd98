// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"
#include "wording.hpp"

#include <algorithm>
#include <cmath>

namespace showdown {
namespace {

constexpr double label_room = 118; // right of the longest bar
constexpr double axis_room = 24;   // above the bars

// Both kinds share one axis, so that bars can be compared across the panels.
struct axis {
    double low = 1, high = 1, left = 0, width = 1;

    double x(double speedup) const {
        return left + width * std::log(speedup / low) / std::log(high / low);
    }
};

axis axis_for(const panel& p, const results& r) {
    axis a;
    for (const auto& one : r.rows) {
        a.low = std::min(a.low, one.speedup);
        a.high = std::max(a.high, one.speedup);
    }
    a.low = a.low < 0.9 ? a.low / 1.15 : a.low / 1.02;
    a.high = std::max(a.high, 2.0);
    a.left = p.left;
    a.width = p.width - label_room;
    return a;
}

void draw_ticks(canvas& out, const panel& p, const axis& a) {
    const double per_decade = a.width / std::log10(a.high / a.low);
    for (int decade = -6; decade <= 6; ++decade) {
        for (const double step : {1.0, 2.0, 5.0}) {
            const double value = step * std::pow(10.0, decade);
            const bool crowded = per_decade < 100 && step > 1;
            if (value < a.low || value > a.high * 1.001 || crowded) {
                continue;
            }
            const bool serial = value == 1.0;
            out.line({a.x(value), p.top + axis_room - 6}, {a.x(value), p.top + p.height},
                     serial ? quiet : rule, serial ? 1.5 : 1);
            out.text({a.x(value), p.top + axis_room - 12},
                     fixed(value, value < 0.099 ? 2
                                  : value < 1   ? 1
                                                : 0) +
                         "x",
                     {11, quiet, anchor::middle});
        }
    }
}

// Where the machine's memory, at the speed of y = a * x, would end the race.
void draw_memory_limit(canvas& out, const panel& p, const axis& a, const row& serial,
                       const results& r) {
    const double limit = r.scale_gbytes_per_s / serial.gbytes_per_s;
    if (limit < a.low || limit > a.high * 1.25) {
        return;
    }
    out.line({a.x(limit), p.top + axis_room - 4}, {a.x(limit), p.top + p.height + 4}, "#c0392b",
             1.2, true);
    out.text({a.x(limit), p.top + p.height + 18}, "memory's limit (y = a * x)",
             {11, "#c0392b", anchor::middle});
}

void draw_bar(canvas& out, const axis& a, const row& r, double top, double height) {
    const double from = a.x(std::min(r.speedup, 1.0));
    const double to = a.x(std::max(r.speedup, 1.0));
    const auto colour = colour_of(r);
    out.rectangle({from, top}, std::max(to - from, 2.0), height, colour);
    const double baseline = top + height * 0.74;
    const auto speed = factor(r.speedup);
    out.text({to + 7, baseline}, speed, {14, ink, anchor::start, true});
    out.text({to + 13 + 9.2 * static_cast<double>(speed.size()), baseline}, duration(r.seconds),
             {12, quiet});
}

} // namespace

std::string colour_of(const row& r) {
    return r.name == "serial" ? "#8a94a0" : r.python ? "#e08e2b" : "#1769aa";
}

std::vector<row> bars_of(const results& r, kind k) {
    std::vector<row> bars;
    for (const auto& one : r.rows) {
        if (one.input != k) {
            continue;
        }
        const auto known = std::ranges::find(bars, one.name, &row::name);
        if (known == bars.end()) {
            bars.push_back(one);
        } else if (one.seconds < known->seconds) {
            *known = one;
        }
    }
    std::ranges::sort(bars, std::ranges::less{}, &row::speedup);
    return bars;
}

void draw_bars(canvas& out, const panel& p, const results& r, kind k,
               const std::vector<std::string>& names) {
    const auto a = axis_for(p, r);
    const auto bars = bars_of(r, k);
    draw_ticks(out, p, a);
    draw_memory_limit(out, p, a, *std::ranges::find(bars, "serial", &row::name), r);
    const double pitch = (p.height - axis_room) / static_cast<double>(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto bar = std::ranges::find(bars, names[i], &row::name);
        if (bar != bars.end()) {
            draw_bar(out, a, *bar, p.top + axis_room + pitch * static_cast<double>(i) + 4,
                     pitch - 8);
        }
    }
}

} // namespace showdown
