// SPDX-License-Identifier: Apache-2.0
//
// The same slow Fibonacci number several times: equal, heavy items, which should all be
// started at once and end together.

#include <parmap/parmap.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

// Recursive on purpose: it stands for any function that takes its time.
std::uint64_t fib(std::int64_t n) {
    return n < 2 ? static_cast<std::uint64_t>(n) : fib(n - 1) + fib(n - 2);
}

std::int64_t whole_number(std::string_view what, std::string_view text, std::int64_t lowest,
                          std::int64_t highest) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size() && value >= lowest &&
        value <= highest)
        return value;
    std::fprintf(stderr, "03_fib: %s must be a whole number from %lld to %lld, not '%s'\n",
                 what.data(), static_cast<long long>(lowest), static_cast<long long>(highest),
                 text.data());
    std::exit(2);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

int main(int argc, char** argv) {
    std::int64_t times = 8;
    std::int64_t number = 34;
    bool number_given = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument = argv[i];
        if (argument == "--help") {
            std::puts("usage: 03_fib [-n times] [number]\n"
                      "  fib(number), default 34 and at most 50, computed 8 or that many times");
            return 0;
        }
        if (argument == "-n") {
            times = whole_number("-n", i + 1 < argc ? argv[++i] : "", 1, 1'000'000);
        } else if (!number_given) {
            number = whole_number("number", argument, 0, 50);
            number_given = true;
        } else {
            std::fprintf(stderr, "03_fib: one number at most, so what is '%s'?\n", argv[i]);
            return 2;
        }
    }
    const std::vector<std::int64_t> numbers(static_cast<std::size_t>(times), number);

    auto start = std::chrono::steady_clock::now();
    std::vector<std::uint64_t> serial;
    for (const std::int64_t n : numbers)
        serial.push_back(fib(n));
    const double serial_seconds = seconds_since(start);

    start = std::chrono::steady_clock::now();
    const std::vector<std::uint64_t> parallel = parmap::parallel_map(numbers, fib);
    const double parallel_seconds = seconds_since(start);

    std::printf("fib(%lld) = %llu, %lld times on %zu threads\n", static_cast<long long>(number),
                static_cast<unsigned long long>(parallel[0]), static_cast<long long>(times),
                parmap::default_pool().size());
    std::printf("  serial    %10.6f s\n", serial_seconds);
    std::printf("  parallel  %10.6f s   %.2fx\n", parallel_seconds,
                serial_seconds / parallel_seconds);
    std::printf("parallel and serial results %s\n", parallel == serial ? "are equal" : "DIFFER");
    return parallel == serial ? 0 : 1;
}
