// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"
#include "report.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>

namespace showdown {
namespace {

constexpr double width = 1160;
constexpr double margin = 28;
constexpr double names_width = 218;
constexpr double gap = 26;
constexpr double panel_width = (width - 2 * margin - names_width - gap) / 2;
constexpr double head_height = 126;
constexpr double bar_pitch = 30;
constexpr double axis_height = 24;
constexpr double scaling_height = 200;

constexpr std::array order{kind::uniform, kind::ones}; // the telling one first

double left_of(std::size_t column) {
    return margin + names_width + static_cast<double>(column) * (panel_width + gap);
}

double bars_height(std::size_t bars) {
    return axis_height + bar_pitch * static_cast<double>(bars);
}

void draw_head(canvas& out, const config& c, const machine& m) {
    out.text({margin, 40}, "y = exp(x) * sinh(x): times as fast as the serial loop",
             {22, ink, anchor::start, true});
    out.text({margin, 64},
             grouped(c.inputs) + " inputs of " + grouped(c.size) + " doubles each, median of " +
                 std::to_string(c.repeat) + " interleaved runs.  " + m.cpu + ", " +
                 std::to_string(m.cores) + (m.cores == 1 ? " core, " : " cores, ") + m.isa,
             {13, quiet});
    for (std::size_t i = 0; i < order.size(); ++i) {
        out.text({left_of(i), head_height - 14}, title_of(order[i]),
                 {15, ink, anchor::start, true});
    }
}

void draw_key(canvas& out, const results& r) {
    double x = margin;
    const auto entry = [&](const std::string& colour, const std::string& name) {
        out.rectangle({x, head_height - 25}, 12, 12, colour);
        out.text({x + 17, head_height - 14}, name, {13, ink});
        x += 30 + 8.0 * static_cast<double>(name.size());
    };
    row one;
    entry(colour_of(one), "parmap");
    one.python = true;
    if (std::ranges::find(r.rows, true, &row::python) != r.rows.end()) {
        entry(colour_of(one), "CPython");
    }
}

void draw_names(canvas& out, const std::vector<row>& bars) {
    double baseline = head_height + axis_height + bar_pitch * 0.6;
    for (const auto& bar : bars) {
        out.text({margin + names_width - 14, baseline},
                 bar.name + (bar.threads > 1 ? " (" + std::to_string(bar.threads) + ")" : ""),
                 {13, ink, anchor::end});
        baseline += bar_pitch;
    }
}

void draw_all_scaling(canvas& out, const config& c, const results& r, double top) {
    out.text({margin, top + 5}, "Against threads", {15, ink, anchor::start, true});
    out.text({margin, top + 25}, "each row held against", {12, quiet});
    out.text({margin, top + 41}, "itself on " + thread_count(c.threads.front()), {12, quiet});
    for (std::size_t i = 0; i < order.size(); ++i) {
        draw_scaling(out, {left_of(i), top + 24, panel_width - 40, scaling_height}, c, r, order[i]);
    }
}

} // namespace

std::string as_svg(const config& c, const machine& m, const results& r) {
    const auto bars = bars_of(r, order.front());
    std::vector<std::string> names;
    for (const auto& bar : bars) {
        names.push_back(bar.name);
    }
    const double bars_end = head_height + bars_height(bars.size()) + 40;
    const bool several = c.threads.size() > 1;
    const double height = bars_end + (several ? scaling_height + 90 : 0) + 24;
    canvas out(width, height);
    draw_head(out, c, m);
    draw_key(out, r);
    draw_names(out, bars);
    for (std::size_t i = 0; i < order.size(); ++i) {
        draw_bars(out, {left_of(i), head_height, panel_width, bars_height(bars.size())}, r,
                  order[i], names);
    }
    if (several) {
        draw_all_scaling(out, c, r, bars_end + 16);
    }
    out.text({margin, height - 14},
             "Longer bars are faster; the axis is logarithmic. In brackets: threads.  " +
                 m.compiler + ", " + m.date,
             {11, quiet});
    return out.document();
}

} // namespace showdown
