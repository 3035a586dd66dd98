// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace showdown {

struct point {
    double x, y;
};

enum class anchor { start, middle, end };

/// How a piece of text looks.
struct lettering {
    double size = 13;
    std::string colour = "#1f2933";
    anchor at = anchor::start;
    bool bold = false;
};

/// A growing SVG document. Coordinates are pixels from the top left.
class canvas {
public:
    canvas(double width, double height);

    void rectangle(point corner, double width, double height, const std::string& colour);
    void line(point from, point to, const std::string& colour, double width = 1,
              bool dashed = false);
    void path(const std::vector<point>& points, const std::string& colour);
    void dot(point centre, const std::string& colour);
    void text(point baseline, const std::string& words, const lettering& look);

    /// The whole document.
    std::string document() const;

private:
    std::ostringstream body_;
};

} // namespace showdown
