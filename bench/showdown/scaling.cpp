// SPDX-License-Identifier: Apache-2.0
#include "picture.hpp"
#include "wording.hpp"

#include <algorithm>
#include <array>

namespace showdown {
namespace {

struct line_style {
    const char* name;
    const char* colour;
};

constexpr std::array lines{line_style{"pooled", "#1769aa"},
                           line_style{"pooled_vectorised", "#0f9d7a"},
                           line_style{"pooled_vectorised_fresh", "#8e5bb5"}};

struct axes {
    panel p;
    double most_threads = 1, most_speedup = 1;

    double x(double threads) const { return p.left + p.width * threads / most_threads; }
    double y(double speedup) const { return p.top + p.height * (1 - speedup / most_speedup); }
};

struct sample {
    double threads, speedup;
};

// Against the same row on the fewest threads.
std::vector<sample> samples_of(const results& r, kind k, const std::string& name) {
    std::vector<sample> samples;
    double least = 0;
    for (const auto& one : r.rows) {
        if (one.input != k || one.name != name) {
            continue;
        }
        least = samples.empty() ? one.seconds : least;
        samples.push_back({static_cast<double>(one.threads), least / one.seconds});
    }
    return samples;
}

axes axes_for(const panel& p, const config& c, const results& r) {
    axes a{p};
    a.most_threads = static_cast<double>(c.threads.back()) * 1.08;
    a.most_speedup = 2.2;
    for (const auto k : kinds) {
        for (const auto& line : lines) {
            for (const auto& s : samples_of(r, k, line.name)) {
                a.most_speedup = std::max(a.most_speedup, s.speedup * 1.25);
            }
        }
    }
    return a;
}

void draw_frame(canvas& out, const axes& a, const config& c) {
    const double step = a.most_speedup > 40 ? 10 : a.most_speedup > 10 ? 4 : 1;
    for (double level = 0; level <= a.most_speedup; level += step) {
        out.line({a.p.left, a.y(level)}, {a.p.left + a.p.width, a.y(level)}, rule);
        out.text({a.p.left - 8, a.y(level) + 4}, fixed(level, 0) + "x", {11, quiet, anchor::end});
    }
    double last = -100; // close counts would print over one another
    for (const auto threads : c.threads) {
        const double x = a.x(static_cast<double>(threads));
        if (x - last > 18) {
            out.text({x, a.p.top + a.p.height + 18}, std::to_string(threads),
                     {11, quiet, anchor::middle});
            last = x;
        }
    }
    out.text({a.p.left + a.p.width / 2, a.p.top + a.p.height + 36}, "threads",
             {12, quiet, anchor::middle});
}

void draw_ideal(canvas& out, const axes& a, const config& c) {
    const auto least = static_cast<double>(c.threads.front());
    const double end = std::min(a.most_threads, a.most_speedup * least);
    out.line({a.x(least), a.y(1)}, {a.x(end), a.y(end / least)}, quiet, 1, true);
    out.text({a.x(end) - 14, a.y(end / least) + 12}, "ideal", {11, quiet, anchor::end});
}

void draw_legend(canvas& out, const axes& a) {
    double x = a.p.left;
    for (const auto& line : lines) {
        const std::string name = line.name;
        out.dot({x + 4, a.p.top - 16}, line.colour);
        out.text({x + 13, a.p.top - 12}, name, {11, ink});
        x += 30 + 6.6 * static_cast<double>(name.size());
    }
}

} // namespace

void draw_scaling(canvas& out, const panel& p, const config& c, const results& r, kind k) {
    const auto a = axes_for(p, c, r);
    draw_frame(out, a, c);
    draw_ideal(out, a, c);
    draw_legend(out, a);
    for (const auto& line : lines) {
        std::vector<point> points;
        for (const auto& s : samples_of(r, k, line.name)) {
            points.push_back({a.x(s.threads), a.y(s.speedup)});
            out.dot(points.back(), line.colour);
        }
        out.path(points, line.colour);
    }
}

} // namespace showdown
