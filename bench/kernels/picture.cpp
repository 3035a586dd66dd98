// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "../showdown/canvas.hpp"
#include "../showdown/wording.hpp"

#include <algorithm>
#include <cmath>

namespace kernels_bench {
namespace {

using showdown::anchor;
using showdown::canvas;
using showdown::point;

constexpr double margin = 28;
constexpr double names_width = 270;
constexpr double panel_width = 190;
constexpr double pitch = 24;
constexpr double head_height = 84;
constexpr double width = 2 * margin + names_width + 4 * panel_width;

double left_of(std::size_t column) {
    return margin + names_width + static_cast<double>(column) * panel_width;
}

std::string colour_of(const row& r) {
    return r.who == "parmap" ? "#d1342f" : r.ulp < 0 ? "#9aa5b1" : "#1769aa";
}

void draw_bars(canvas& out, const std::vector<row>& rows, std::size_t column, double top) {
    double most = 0;
    for (const row& r : rows)
        most = std::max(most, r.ns[column]);
    double y = top;
    for (const row& r : rows) {
        // Logarithmic from a tenth of a nanosecond on, so that libm and a kernel fit on one scale.
        const double share = std::log(r.ns[column] / 0.05) / std::log(most / 0.05);
        const double length = std::max(2.0, share * (panel_width - 70));
        out.rectangle({left_of(column), y - 12}, length, 16, colour_of(r));
        out.text({left_of(column) + length + 5, y}, showdown::fixed(r.ns[column], 2), {12});
        y += pitch;
    }
}

double draw_type(canvas& out, const figures& f, const std::vector<row>& rows, const char* type,
                 double top) {
    out.text({margin, top}, type, {15, "#1f2933", anchor::start, true});
    for (std::size_t i = 0; i < places; ++i)
        out.text({left_of(i), top}, f.at[i].name, {13, "#66727f"});
    double y = top + pitch;
    for (const row& r : rows) {
        out.text({margin + names_width - 12, y}, r.who + ": " + r.how,
                 {12, "#1f2933", anchor::end, r.who == "parmap"});
        y += pitch;
    }
    for (std::size_t i = 0; i < places; ++i)
        draw_bars(out, rows, i, top + pitch);
    return y + pitch;
}

} // namespace

std::string as_svg(const figures& f, const std::string& machine) {
    const auto bars = static_cast<double>(f.doubles.size() + f.floats.size());
    const double height = head_height + pitch * (bars + 5);
    canvas out(width, height);
    out.text({margin, 36}, "exp(x) * sinh(x): nanoseconds an element, shorter is better",
             {20, "#1f2933", anchor::start, true});
    out.text({margin, 58}, machine, {12, "#66727f"});
    const double next = draw_type(out, f, f.doubles, "double", head_height + 10);
    draw_type(out, f, f.floats, "float", next);
    out.text({margin, height - 12}, "Each panel's axis is logarithmic, from 0.05 ns.",
             {11, "#66727f"});
    return out.document();
}

} // namespace kernels_bench
