// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "canvas.hpp"
#include "config.hpp"
#include "row.hpp"

namespace showdown {

/// A rectangle of the picture that belongs to one kind of input.
struct panel {
    double left, top, width, height;
};

inline const std::string ink = "#1f2933";
inline const std::string quiet = "#6b7785";
inline const std::string rule = "#e3e7eb";

/// The colour of a row: one for parmap, one for CPython, grey for the loop they are held against.
std::string colour_of(const row& r);

/// The rows that get a bar: each name once, at the thread count at which it was fastest; the
/// slowest row first.
std::vector<row> bars_of(const results& r, kind k);

/// One bar for each of `names`, from 1x to its speed-up, on a log axis common to both kinds.
void draw_bars(canvas& out, const panel& p, const results& r, kind k,
               const std::vector<std::string>& names);

/// Speed-up of the pooled rows against the number of threads.
void draw_scaling(canvas& out, const panel& p, const config& c, const results& r, kind k);

} // namespace showdown
