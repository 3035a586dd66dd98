// SPDX-License-Identifier: Apache-2.0
//
// Work that goes on by itself while the caller does something else: futures, what comes after
// them, and a loop over results as they come.

#include <parmap/parmap.hpp>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace {

// The number of steps that the Collatz sequence takes from n down to 1.
std::size_t steps(std::size_t n) {
    std::size_t count = 0;
    for (; n != 1; ++count)
        n = n % 2 == 0 ? n / 2 : 3 * n + 1;
    return count;
}

std::size_t most_steps_below(std::size_t end) {
    std::size_t best = 1;
    for (std::size_t n = 1; n < end; ++n)
        if (steps(n) > steps(best))
            best = n;
    return best;
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1) {
        const bool help = std::string_view(argv[1]) == "--help";
        std::fprintf(help ? stdout : stderr, "%s\n",
                     help ? "usage: 09_async" : "09_async: takes no arguments");
        return help ? 0 : 2;
    }

    // A map that runs by itself, and what to do with its result.
    auto mean_steps = parmap::map_async(parmap::indices(200'000), [](std::size_t i) {
                          return static_cast<double>(steps(i + 1));
                      }).then([](const std::vector<double>& all) { return parmap::mean(all); });

    int looks = 0; // the caller is free meanwhile
    while (!mean_steps.wait_for(std::chrono::milliseconds(5)))
        ++looks;
    std::printf("200000 numbers take %.2f steps on average (the caller looked %d times)\n",
                mean_steps.get(), looks);

    // Several tasks of different lengths; the shortest is told of first, whoever began first.
    std::vector<parmap::future<std::pair<std::size_t, std::size_t>>> searches;
    for (const std::size_t end : std::initializer_list<std::size_t>{40'000, 4'000, 400}) {
        searches.push_back(parmap::submit([end] { return std::pair(end, most_steps_below(end)); }));
    }
    for (auto&& search : parmap::as_completed(std::move(searches))) {
        const auto [end, best] = search.get();
        std::printf("below %5zu: %5zu takes the most steps, %zu\n", end, best, steps(best));
    }

    // An error passes the continuation by and comes out where the result is asked for.
    try {
        parmap::submit([] {
            return std::vector<int>().at(3);
        }).then([](int value) {
              std::printf("never printed: %d\n", value);
          }).get();
    } catch (const std::exception& error) {
        std::printf("a task failed: %s\n", error.what());
    }
}
