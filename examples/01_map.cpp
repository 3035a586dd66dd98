// SPDX-License-Identifier: Apache-2.0
//
// 32 squares: the map that every parallel tutorial begins with, and that parallel tools lose,
// because waking one thread costs more than all 32 multiplications. The default schedule starts
// as the plain loop would and wakes others only once the measured work pays for it.

#include <parmap/parmap.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <vector>

namespace {

using squares = std::vector<std::size_t>;

std::size_t square(std::size_t i) {
    return i * i;
}

squares loop(std::size_t n) {
    squares results(n);
    for (std::size_t i = 0; i != n; ++i)
        results[i] = square(i);
    return results;
}

squares adaptive(std::size_t n) {
    return parmap::parallel_map(parmap::indices(n), square);
}

squares balanced(std::size_t n) {
    return parmap::parallel_map(parmap::indices(n), square,
                                {.schedule = parmap::schedule::balanced});
}

struct contender {
    const char* name;
    squares (*run)(std::size_t);
    std::vector<double> samples = {};
};

// One call is too short for the clock, so a sample is the mean of many.
double nanoseconds(squares (*run)(std::size_t), std::size_t n) {
    const std::size_t calls = std::max<std::size_t>(1, 2'000 / n);
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i != calls; ++i) {
        [[maybe_unused]] const volatile std::size_t kept = run(n).back();
    }
    const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
    return taken.count() / static_cast<double>(calls);
}

void compare(std::size_t n) {
    std::array contenders{contender{"plain loop", loop},
                          contender{"parallel_map, adaptive", adaptive},
                          contender{"parallel_map, balanced", balanced}};
    for (int round = 0; round != 101; ++round)
        for (contender& each : contenders)
            each.samples.push_back(nanoseconds(each.run, n));
    std::printf("\n%-24s %12s %14s\n", "median of 101", "ns a call", "against loop");
    for (contender& each : contenders) {
        std::ranges::nth_element(each.samples, each.samples.begin() + 50);
        const double ratio = each.samples[50] / contenders[0].samples[50];
        std::printf("%-24s %12.0f %13.2fx\n", each.name, each.samples[50], ratio);
    }
    std::puts("\nadaptive, the default, wakes nobody until measured work pays for it;\n"
              "balanced shares the items out from the first one on, whatever they cost.");
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view text = argc > 1 ? argv[1] : "32";
    if (text == "--help") {
        std::puts("usage: 01_map [items]\n  squares of 0 .. items-1 (default 32, at most 1000000)");
        return 0;
    }
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    if (argc > 2 || !number || n < 1 || n > 1'000'000) {
        std::fprintf(stderr, "01_map: expected one number of items, 1 to 1000000, not '%s'\n",
                     argv[argc - 1]);
        return 2;
    }
    const squares serial = loop(n);
    const squares parallel = adaptive(n);
    for (std::size_t i = 0; i != std::min<std::size_t>(n, 32); ++i)
        std::printf("%6zu%s", parallel[i], i % 8 == 7 ? "\n" : "");
    compare(n);
    const bool equal = parallel == serial && balanced(n) == serial;
    std::printf("\nparallel and serial results %s\n", equal ? "are equal" : "DIFFER");
    return equal ? 0 : 1;
}
