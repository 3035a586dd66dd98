// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace bench {

/// `steps` dependent multiplications and additions. Defined in another translation unit, as all
/// that takes time is here, so that no compiler computes several items at once.
double work(double x, unsigned steps);

inline constexpr double medium_ns = 64;
inline constexpr double heavy_ns = 10'500;

/// So many steps as take that long here, items following one another; measured at each call.
unsigned steps_in(double nanoseconds);

/// One item of 64 ns, and one of 10.5 us.
double medium_item(double x);
double heavy_item(double x);

/// A body of a map: `item` as a function, and as a function object.
struct cheap {
    static constexpr const char* name = "cheap";
    static double item(double x) { return x * x; }
    double operator()(double x) const { return item(x); }
};

struct medium {
    static constexpr const char* name = "medium";
    static double item(double x) { return medium_item(x); }
    double operator()(double x) const { return item(x); }
};

struct heavy {
    static constexpr const char* name = "heavy";
    static double item(double x) { return heavy_item(x); }
    double operator()(double x) const { return item(x); }
};

} // namespace bench
