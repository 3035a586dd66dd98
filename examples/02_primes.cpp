// SPDX-License-Identifier: Apache-2.0
//
// Which of these numbers are prime? Most take milliseconds of division, one ends early:
// independent, uneven work, made parallel by changing one line.

#include <parmap/parmap.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

namespace {

constexpr std::array<std::uint64_t, 6> candidates{112272535095293, 112582705942171,
                                                  112272535095293, 115280095190773,
                                                  115797848077099, 1099726899285419};

bool is_prime(std::uint64_t n) {
    if (n < 2 || (n % 2 == 0 && n != 2))
        return false;
    const auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(n)));
    for (std::uint64_t divisor = 3; divisor <= root; divisor += 2)
        if (n % divisor == 0)
            return false;
    return true;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view text = argc > 1 ? argv[1] : "4";
    if (text == "--help") {
        std::puts("usage: 02_primes [repetitions]\n"
                  "  tests six large numbers, each repeated (default 4 times, at most 10000)");
        return 0;
    }
    std::size_t repetitions = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), repetitions);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    if (argc > 2 || !number || repetitions < 1 || repetitions > 10'000) {
        std::fprintf(stderr,
                     "02_primes: expected one number of repetitions, 1 to 10000, not '%s'\n",
                     argv[argc - 1]);
        return 2;
    }
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = 0; i != repetitions; ++i)
        numbers.insert(numbers.end(), candidates.begin(), candidates.end());

    auto start = std::chrono::steady_clock::now();
    std::vector<bool> serial;
    for (const std::uint64_t n : numbers)
        serial.push_back(is_prime(n));
    const double serial_seconds = seconds_since(start);

    start = std::chrono::steady_clock::now();
    const std::vector<bool> parallel = parmap::parallel_map(numbers, is_prime);
    const double parallel_seconds = seconds_since(start);

    for (std::size_t i = 0; i != candidates.size(); ++i)
        std::printf("%17llu  %s\n", static_cast<unsigned long long>(candidates[i]),
                    parallel[i] ? "prime" : "not prime");
    std::printf("\n%zu numbers, %zu threads\n", numbers.size(), parmap::default_pool().size());
    std::printf("  serial    %8.3f s\n", serial_seconds);
    std::printf("  parallel  %8.3f s   %.2fx\n", parallel_seconds,
                serial_seconds / parallel_seconds);
    std::printf("\nparallel and serial results %s\n", parallel == serial ? "are equal" : "DIFFER");
    return parallel == serial ? 0 : 1;
}
