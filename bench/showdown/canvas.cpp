// SPDX-License-Identifier: Apache-2.0
#include "canvas.hpp"

#include "wording.hpp"

namespace showdown {
namespace {

std::string px(double value) {
    return fixed(value, 1);
}

std::string escaped(const std::string& words) {
    std::string result;
    for (const char c : words) {
        switch (c) {
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '&':
            result += "&amp;";
            break;
        case '"':
            result += "&quot;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

const char* name_of(anchor at) {
    return at == anchor::start ? "start" : at == anchor::middle ? "middle" : "end";
}

} // namespace

canvas::canvas(double width, double height) {
    body_ << "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" << px(width) << "\" height=\""
          << px(height) << "\" viewBox=\"0 0 " << px(width) << " " << px(height)
          << "\" font-family=\"system-ui, 'DejaVu Sans', Helvetica, Arial, sans-serif\">\n";
    rectangle({0, 0}, width, height, "#ffffff");
}

void canvas::rectangle(point corner, double width, double height, const std::string& colour) {
    body_ << "<rect x=\"" << px(corner.x) << "\" y=\"" << px(corner.y) << "\" width=\"" << px(width)
          << "\" height=\"" << px(height) << "\" fill=\"" << colour << "\"/>\n";
}

void canvas::line(point from, point to, const std::string& colour, double width, bool dashed) {
    body_ << "<line x1=\"" << px(from.x) << "\" y1=\"" << px(from.y) << "\" x2=\"" << px(to.x)
          << "\" y2=\"" << px(to.y) << "\" stroke=\"" << colour << "\" stroke-width=\"" << px(width)
          << "\"" << (dashed ? " stroke-dasharray=\"5 4\"" : "") << "/>\n";
}

void canvas::path(const std::vector<point>& points, const std::string& colour) {
    body_ << "<polyline fill=\"none\" stroke=\"" << colour << "\" stroke-width=\"2.5\" points=\"";
    for (const auto& p : points) {
        body_ << px(p.x) << "," << px(p.y) << " ";
    }
    body_ << "\"/>\n";
}

void canvas::dot(point centre, const std::string& colour) {
    body_ << "<circle cx=\"" << px(centre.x) << "\" cy=\"" << px(centre.y) << "\" r=\"4\" fill=\""
          << colour << "\"/>\n";
}

void canvas::text(point baseline, const std::string& words, const lettering& look) {
    // A white rim keeps words readable where they cross a line.
    body_ << "<text stroke=\"#ffffff\" stroke-width=\"4\" paint-order=\"stroke\" x=\""
          << px(baseline.x) << "\" y=\"" << px(baseline.y) << "\" font-size=\"" << px(look.size)
          << "\" fill=\"" << look.colour << "\" text-anchor=\"" << name_of(look.at) << "\""
          << (look.bold ? " font-weight=\"bold\"" : "") << ">" << escaped(words) << "</text>\n";
}

std::string canvas::document() const {
    return body_.str() + "</svg>\n";
}

} // namespace showdown
