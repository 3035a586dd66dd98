// SPDX-License-Identifier: Apache-2.0
//
// Who ran what when? direct hands each thread one block of neighbours in advance; balanced lets
// a thread that has run out take from another. Uneven items show the difference: in one case
// the first half is ten times heavier, in the other the costs are random and a few are huge.

#include <parmap/parmap.hpp>

#include "support/lanes.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <random>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;
using costs = std::vector<double>;

constexpr const char* usage =
    "usage: 05_direct_and_balanced [--threads N] [--seed N] [--svg FILE]\n"
    "  24 uneven items on N threads (default: as many as the default pool, at most 4)";

double milliseconds_since(steady::time_point start) {
    return std::chrono::duration<double, std::milli>(steady::now() - start).count();
}

// Work that takes about a millisecond for each unit of cost, and has an answer to compare.
std::uint64_t work(std::size_t item, double cost) {
    std::uint64_t state = item + 1;
    for (auto steps = static_cast<std::uint64_t>(300'000.0 * cost); steps != 0; --steps) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    return state;
}

costs first_half_heavy() {
    costs all(24, 2.0);
    std::fill_n(all.begin(), 12, 20.0);
    return all;
}

// Pareto: most items are small, and yet the few large ones hold much of the work.
costs pareto(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    costs all(24);
    for (double& cost : all) {
        const double uniform = 1.0 - std::ldexp(static_cast<double>(random() >> 11), -53);
        cost = std::min(60.0, 3.0 / std::pow(uniform, 1.0 / 1.1));
    }
    return all;
}

struct answer {
    double wall = 0.0;
    std::vector<std::uint64_t> values = {};
};

answer run_serially(const costs& all) {
    answer serial;
    const steady::time_point start = steady::now();
    for (std::size_t i = 0; i != all.size(); ++i)
        serial.values.push_back(work(i, all[i]));
    serial.wall = milliseconds_since(start);
    return serial;
}

// Each item writes down who ran it and when; no two write to the same record.
answer run(const costs& all, const parmap::options& how, std::vector<lanes::record>& records) {
    const steady::time_point start = steady::now();
    const auto recorded_work = [&](std::size_t i) {
        records[i] = {std::this_thread::get_id(), milliseconds_since(start), 0.0, all[i]};
        const std::uint64_t value = work(i, all[i]);
        records[i].end = milliseconds_since(start);
        return value;
    };
    answer parallel;
    parallel.values = parmap::parallel_map(parmap::indices(all.size()), recorded_work, how);
    parallel.wall = milliseconds_since(start);
    return parallel;
}

// Both schedules on the same items, on the same scale of time; says whether they were right.
bool compare(const char* name, const costs& all, parmap::pool& pool,
             std::vector<lanes::run>& runs) {
    const answer serial = run_serially(all);
    bool right = true;
    double longest = 0.0;
    for (const auto schedule : {parmap::schedule::direct, parmap::schedule::balanced}) {
        lanes::run drawn{{}, pool.size(), 0.0, std::vector<lanes::record>(all.size())};
        const answer parallel =
            run(all, {.pool = &pool, .schedule = schedule, .grain = 1}, drawn.items);
        right = right && parallel.values == serial.values;
        char title[120];
        std::snprintf(title, sizeof title, "%s, %s: %.0f ms, %.2fx (serial %.0f ms)", name,
                      schedule == parmap::schedule::direct ? "direct" : "balanced", parallel.wall,
                      serial.wall / parallel.wall, serial.wall);
        drawn.title = title;
        drawn.wall = parallel.wall;
        longest = std::max(longest, parallel.wall);
        runs.push_back(std::move(drawn));
    }
    lanes::print(runs[runs.size() - 2], longest);
    lanes::print(runs.back(), longest);
    std::puts("");
    return right;
}

bool whole_number(std::string_view text, std::uint64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

int refuse(const char* what, std::string_view value) {
    std::fprintf(stderr, "05_direct_and_balanced: %s, not '%s'\n", what, value.data());
    return 2;
}

} // namespace

int main(int argc, char** argv) {
    std::uint64_t threads = std::min<std::size_t>(parmap::default_pool().size(), 4);
    std::uint64_t seed = 5; // a draw that direct shares out badly; most others lie between
    std::string_view file;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view option = argv[i];
        const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
        if (option == "--help")
            return std::puts(usage) < 0;
        if (option == "--threads" &&
            !(whole_number(value, threads) && 1 <= threads && threads <= 24))
            return refuse("--threads takes a number from 1 to 24", value);
        if (option == "--seed" && !whole_number(value, seed))
            return refuse("--seed takes a whole number", value);
        if (option == "--svg")
            file = value;
        if (option != "--threads" && option != "--seed" && option != "--svg")
            return refuse("options are --threads, --seed, --svg and --help", option);
    }
    std::ofstream svg;
    if (file.data() != nullptr && (svg.open(file.data()), !svg))
        return refuse("--svg takes a file that can be written", file);

    parmap::pool pool(static_cast<std::size_t>(threads));
    std::vector<lanes::run> runs;
    const bool first = compare("first half 10x heavier", first_half_heavy(), pool, runs);
    const bool second = compare("Pareto-distributed", pareto(seed), pool, runs);
    std::puts("0-9 and a-n: an item begins; -: it goes on; .: a thread has nothing to do");
    std::printf("parallel and serial results %s\n", first && second ? "are equal" : "DIFFER");
    if (svg.is_open()) {
        lanes::write_svg(svg, runs);
        if (!svg.flush())
            return refuse("--svg takes a file that can be written", file);
    }
    return first && second ? 0 : 1;
}
