// SPDX-License-Identifier: Apache-2.0
//
// The price of a call option by simulation. Each path draws its random numbers from a generator
// that is indexed by the path, and the mean is summed along a tree that depends on the number of
// paths alone: the same seed gives the same digits on any number of threads.

#include <parmap/parmap.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <numbers>
#include <optional>

namespace {

// splitmix64 (Steele, Lea and Flood, 2014): the i-th number without those before it.
std::uint64_t random_bits(std::uint64_t seed, std::uint64_t i) {
    std::uint64_t z = seed + (i + 1) * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

double uniform(std::uint64_t bits) {
    return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;
}

struct market {
    double price = 100, strike = 105, rate = 0.02, volatility = 0.2, years = 1;
};

double payoff(const market& m, std::uint64_t seed, std::size_t path) {
    const double radius = std::sqrt(-2 * std::log(uniform(random_bits(seed, 2 * path))));
    const double angle = 2 * std::numbers::pi * uniform(random_bits(seed, 2 * path + 1));
    const double drift = (m.rate - m.volatility * m.volatility / 2) * m.years;
    const double end =
        m.price * std::exp(drift + m.volatility * std::sqrt(m.years) * radius * std::cos(angle));
    return std::exp(-m.rate * m.years) * std::max(end - m.strike, 0.0);
}

// The formula of Black and Scholes (1973).
double exact_price(const market& m) {
    const auto normal = [](double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; };
    const double spread = m.volatility * std::sqrt(m.years);
    const double d = (std::log(m.price / m.strike) + m.rate * m.years) / spread + spread / 2;
    return m.price * normal(d) - m.strike * std::exp(-m.rate * m.years) * normal(d - spread);
}

std::optional<std::uint64_t> number(const char* text, std::uint64_t least, std::uint64_t most) {
    std::uint64_t value = 0;
    const char* const end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, value);
    const bool good = error == std::errc{} && stop == end && value >= least && value <= most;
    return good ? std::optional(value) : std::nullopt;
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "--help") == 0) {
        std::puts("usage: 08_monte_carlo [paths [seed]]   (default 2000000 paths, seed 1)");
        return 0;
    }
    const auto paths = number(argc > 1 ? argv[1] : "2000000", 1, 1'000'000'000'000);
    const auto seed = number(argc > 2 ? argv[2] : "1", 0, UINT64_MAX);
    if (argc > 3 || !paths || !seed) {
        std::fprintf(stderr,
                     "08_monte_carlo: expected a number of paths, 1 to 10^12, and a seed\n");
        return 2;
    }
    const market m;
    const auto one_path = [&](std::size_t path) { return payoff(m, *seed, path); };
    double first = 0;
    for (const std::size_t threads : std::initializer_list<std::size_t>{1, 2, 4}) {
        parmap::pool pool(threads);
        const auto start = std::chrono::steady_clock::now();
        const double sum = parmap::map_reduce(parmap::indices(*paths), one_path, 0.0, std::plus<>(),
                                              {.pool = &pool});
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const double price = sum / static_cast<double>(*paths);
        std::printf("%zu thread%s  price %.15f  %7.3f s\n", threads,
                    threads == 1 ? ": " : "s:", price, seconds);
        if (threads == 1)
            first = price;
        if (price != first) {
            std::puts("the digits differ");
            return 1;
        }
    }
    std::printf("exact formula    %.6f\n", exact_price(m));
}
