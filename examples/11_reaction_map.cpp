// SPDX-License-Identifier: Apache-2.0
//
// A map of a chemical reaction: the Brusselator, x' = a - (b + 1) x + x^2 y, y' = b x - x^2 y, is
// followed at each point of a grid of a and b until it has settled, or goes round for ever. Where
// b > 1 + a^2 it oscillates. With a progress bar; Ctrl-C ends it cleanly.

#include "support/heat_map.hpp"

#include <parmap/parmap.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr const char* usage = "usage: 11_reaction_map [--points N] [--svg FILE]";

struct settings {
    std::size_t points = 64; // along each side
    std::string svg;
};

const heat_map::axis feed{"a (feed)", 0.6, 2.0};
const heat_map::axis drive{"b (drive)", 0.5, 4.5};

double at_point(const heat_map::axis& axis, std::size_t i, std::size_t points) {
    const double part = static_cast<double>(i) / static_cast<double>(points - 1);
    return axis.low + part * (axis.high - axis.low);
}

struct state {
    double x;
    double y;
};

// One step of the classical fourth-order Runge-Kutta method.
state step(state s, double a, double b, double dt) {
    const auto change = [&](state at) {
        const double eaten = at.x * at.x * at.y;
        return state{a - (b + 1) * at.x + eaten, b * at.x - eaten};
    };
    const auto moved = [](state at, state by, double time) {
        return state{at.x + time * by.x, at.y + time * by.y};
    };
    const state k1 = change(s);
    const state k2 = change(moved(s, k1, dt / 2));
    const state k3 = change(moved(s, k2, dt / 2));
    const state k4 = change(moved(s, k3, dt));
    return {s.x + dt / 6 * (k1.x + 2 * k2.x + 2 * k3.x + k4.x),
            s.y + dt / 6 * (k1.y + 2 * k2.y + 2 * k3.y + k4.y)};
}

// How far x still swings in the end: 0 where the reaction has come to its steady state.
double swing(double a, double b) {
    constexpr double dt = 0.005;
    constexpr int settling = 12'000;
    constexpr int watched = 10'000;
    constexpr double still = 1e-9;
    state s{a + 0.1, b / a};
    for (int i = 0; i != settling; ++i) {
        const state next = step(s, a, b, dt);
        if (std::abs(next.x - s.x) + std::abs(next.y - s.y) < still * dt)
            return 0;
        s = next;
    }
    double low = s.x;
    double high = s.x;
    for (int i = 0; i != watched; ++i) {
        s = step(s, a, b, dt);
        low = std::min(low, s.x);
        high = std::max(high, s.x);
    }
    return high - low;
}

bool parse(int argc, char** argv, settings& asked) {
    for (int i = 1; i < argc; i += 2) {
        const std::string_view option = argv[i];
        if (i + 1 == argc)
            return false;
        const std::string_view value = argv[i + 1];
        if (option == "--svg" && !value.empty()) {
            asked.svg = value;
        } else if (option == "--points") {
            const char* const end = value.data() + value.size();
            const auto read = std::from_chars(value.data(), end, asked.points);
            if (read.ec != std::errc{} || read.ptr != end || asked.points < 2 ||
                asked.points > 2'000)
                return false;
        } else {
            return false;
        }
    }
    return true;
}

int run(const settings& asked) {
    std::ofstream svg;
    if (!asked.svg.empty()) {
        svg.open(asked.svg);
        if (!svg) {
            std::fprintf(stderr, "11_reaction_map: cannot write %s\n", asked.svg.c_str());
            return 2;
        }
    }
    const std::size_t n = asked.points;
    const std::vector<double> swings = parmap::parallel_map(
        parmap::grid(n, n),
        [n](std::size_t row, std::size_t column) {
            return swing(at_point(feed, column, n), at_point(drive, row, n));
        },
        {.stop = parmap::stop_on_signal(), .on_progress = parmap::progress_bar("reaction map")});

    const std::size_t oscillating = parmap::count_if(swings, [](double s) { return s > 0.01; });
    const auto widest = parmap::argmax(swings).value_or(0);
    std::printf("%zu of %zu points oscillate; x swings most, by %.2f, at a = %.2f, b = %.2f\n",
                oscillating, swings.size(), swings[widest], at_point(feed, widest % n, n),
                at_point(drive, widest / n, n));
    if (!asked.svg.empty() &&
        !heat_map::write_svg({"Brusselator: how far x swings", feed, drive, "swing", n, swings},
                             svg)) {
        std::fprintf(stderr, "11_reaction_map: cannot write %s\n", asked.svg.c_str());
        return 2;
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--help") {
        std::puts(usage);
        return 0;
    }
    settings asked;
    if (!parse(argc, argv, asked)) {
        std::fprintf(stderr, "%s\n", usage);
        return 2;
    }
    try {
        return run(asked);
    } catch (const parmap::operation_cancelled& why) {
        std::fprintf(stderr, "stopped after %zu of %zu points\n", why.done(), why.total());
        return 130;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "11_reaction_map: %s\n", error.what());
        return 2;
    }
}
