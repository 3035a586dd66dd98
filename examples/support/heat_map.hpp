// SPDX-License-Identifier: Apache-2.0
//
// Draws a matrix of numbers as an SVG: cells, axes with ticks, and the scale of its colours.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <ostream>
#include <string>
#include <vector>

namespace heat_map {

/// One axis: what it shows and from where to where.
struct axis {
    std::string name;
    double low = 0;
    double high = 1;
};

/// A picture: `values` row by row, the first row at the low end of `y`. NaN is drawn grey.
struct picture {
    std::string title;
    axis x;
    axis y;
    std::string scale_name;
    std::size_t columns = 0;
    std::vector<double> values;
};

struct colour {
    int red = 0;
    int green = 0;
    int blue = 0;
};

/// From dark blue over green to yellow, as bright as the number is high; `at` from 0 to 1.
inline colour colour_of(double at) {
    constexpr std::array<std::array<double, 3>, 5> stops{
        {{45, 15, 85}, {50, 80, 140}, {35, 145, 140}, {110, 200, 90}, {250, 230, 50}}};
    const double place = std::clamp(at, 0.0, 1.0) * (stops.size() - 1);
    const auto below = std::min(static_cast<std::size_t>(place), stops.size() - 2);
    const double part = place - static_cast<double>(below);
    const auto mix = [&](std::size_t i) {
        return static_cast<int>(
            std::lround(stops[below][i] + part * (stops[below + 1][i] - stops[below][i])));
    };
    return {mix(0), mix(1), mix(2)};
}

inline std::string hex(colour c) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "#%02x%02x%02x", c.red, c.green, c.blue);
    return text.data();
}

inline std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", value);
    return text.data();
}

/// Writes the picture. False if the stream would not take it.
class drawing {
public:
    drawing(const picture& shown, std::ostream& out) : shown_(shown), out_(out) {
        rows_ = shown.columns == 0 ? 0 : shown.values.size() / shown.columns;
        for (const double v : shown.values) {
            if (!std::isfinite(v))
                continue;
            low_ = any_ ? std::min(low_, v) : v;
            high_ = any_ ? std::max(high_, v) : v;
            any_ = true;
        }
    }

    bool write() {
        out_ << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 500\" "
                "font-family=\"sans-serif\" font-size=\"13\">\n"
                "<rect width=\"640\" height=\"500\" fill=\"white\"/>\n";
        text(left + side / 2, 28, "middle", shown_.title, "font-size=\"16\"");
        cells();
        axes();
        scale();
        out_ << "</svg>\n";
        return static_cast<bool>(out_.flush());
    }

private:
    static constexpr double left = 80;
    static constexpr double top = 45;
    static constexpr double side = 400;
    static constexpr int ticks = 5;

    void cells() {
        const double width = side / static_cast<double>(std::max<std::size_t>(shown_.columns, 1));
        const double height = side / static_cast<double>(std::max<std::size_t>(rows_, 1));
        out_ << "<g shape-rendering=\"crispEdges\">\n";
        for (std::size_t i = 0; i != rows_ * shown_.columns; ++i) {
            const auto x = static_cast<double>(i % shown_.columns);
            const auto y = static_cast<double>(rows_ - 1 - i / shown_.columns);
            out_ << "<rect x=\"" << number(left + x * width) << "\" y=\""
                 << number(top + y * height) << "\" width=\"" << number(width + 0.1)
                 << "\" height=\"" << number(height + 0.1) << "\" fill=\"" << fill(shown_.values[i])
                 << "\"/>\n";
        }
        out_ << "</g>\n";
    }

    std::string fill(double value) const {
        if (!std::isfinite(value))
            return "#bbbbbb";
        return hex(colour_of(high_ > low_ ? (value - low_) / (high_ - low_) : 0.5));
    }

    void axes() {
        frame(left, side);
        for (int i = 0; i != ticks; ++i) {
            const double part = static_cast<double>(i) / (ticks - 1);
            const double x = left + part * side;
            const double y = top + side - part * side;
            line(x, top + side, x, top + side + 5);
            text(x, top + side + 20, "middle", number(between(shown_.x, part)));
            line(left - 5, y, left, y);
            text(left - 9, y + 4, "end", number(between(shown_.y, part)));
        }
        text(left + side / 2, top + side + 42, "middle", shown_.x.name);
        text(22, top + side / 2, "middle", shown_.y.name, "transform=\"rotate(-90 22 245)\"");
    }

    void scale() {
        constexpr double at = left + side + 40;
        constexpr double width = 22;
        constexpr int steps = 100;
        for (int i = 0; i != steps; ++i) {
            const double part = (i + 0.5) / steps;
            out_ << "<rect x=\"" << at << "\" y=\"" << number(top + side - (i + 1) * side / steps)
                 << "\" width=\"" << width << "\" height=\"" << number(side / steps + 0.3)
                 << "\" fill=\"" << hex(colour_of(part)) << "\"/>\n";
        }
        frame(at, width);
        for (int i = 0; i != ticks; ++i) {
            const double part = static_cast<double>(i) / (ticks - 1);
            const double y = top + side - part * side;
            line(at + width, y, at + width + 5, y);
            text(at + width + 9, y + 4, "start", number(low_ + part * (high_ - low_)));
        }
        text(at + width, top - 10, "middle", shown_.scale_name);
    }

    static double between(const axis& a, double part) { return a.low + part * (a.high - a.low); }

    void frame(double x, double width) {
        out_ << "<rect x=\"" << x << "\" y=\"" << top << "\" width=\"" << width << "\" height=\""
             << side << "\" fill=\"none\" stroke=\"black\"/>\n";
    }

    void line(double x1, double y1, double x2, double y2) {
        out_ << "<line x1=\"" << number(x1) << "\" y1=\"" << number(y1) << "\" x2=\"" << number(x2)
             << "\" y2=\"" << number(y2) << "\" stroke=\"black\"/>\n";
    }

    void text(double x, double y, const char* anchor, const std::string& words,
              const char* more = "") {
        out_ << "<text x=\"" << number(x) << "\" y=\"" << number(y) << "\" text-anchor=\"" << anchor
             << "\" " << more << ">" << words << "</text>\n";
    }

    const picture& shown_;
    std::ostream& out_;
    std::size_t rows_ = 0;
    double low_ = 0;
    double high_ = 0;
    bool any_ = false;
};

inline bool write_svg(const picture& shown, std::ostream& out) {
    return drawing(shown, out).write();
}

} // namespace heat_map
