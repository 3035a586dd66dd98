// SPDX-License-Identifier: Apache-2.0
//
// y = exp(x) * sinh(x) over an array, four ways: one core or all of them, one number at a time
// or a vector register full. The two gains multiply.

#include <parmap/parmap.hpp>
#include <parmap/simd/kernels.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace {

using vector = std::vector<double>;

double operation(double x) {
    return std::exp(x) * std::sinh(x);
}

void kernel(std::span<const double> in, std::span<double> out) {
    parmap::simd::exp_sinh(in, out);
}

void serial(const vector& x, vector& y) {
    std::ranges::transform(x, y.begin(), operation);
}
void pooled(const vector& x, vector& y) {
    parmap::parallel_map_into(x, y, operation);
}
void vectorised(const vector& x, vector& y) {
    kernel(x, y);
}
void both(const vector& x, vector& y) {
    parmap::parallel_map_blocks(x, y, kernel);
}

double best_seconds(void (*run)(const vector&, vector&), const vector& x, vector& y) {
    double best = std::numeric_limits<double>::infinity();
    for (int repetition = 0; repetition != 4; ++repetition) {
        const auto start = std::chrono::steady_clock::now();
        run(x, y);
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        best = std::min(best, taken.count());
    }
    return best;
}

// The kernel rounds otherwise than the C library does; a map changes no bit.
bool agree(const vector& y, const vector& expected, double tolerance) {
    return std::ranges::equal(y, expected, [tolerance](double a, double b) {
        return std::abs(a - b) <= tolerance * std::abs(b);
    });
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view text = argc > 1 ? argv[1] : "2000000";
    if (text == "--help") {
        std::puts("usage: 04_complex_operation [elements]\n"
                  "  exp(x) * sinh(x) over an array (default 2000000, at most 20000000)");
        return 0;
    }
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    if (argc > 2 || !number || n < 1 || n > 20'000'000) {
        std::fprintf(stderr,
                     "04_complex_operation: expected one number of elements, 1 to 20000000, "
                     "not '%s'\n",
                     argv[argc - 1]);
        return 2;
    }
    vector x(n), y(n), expected(n);
    for (std::size_t i = 0; i != n; ++i)
        x[i] = -5.0 + 10.0 * static_cast<double>(i) / static_cast<double>(n);

    const double base = best_seconds(serial, x, expected);
    bool equal = true;
    const auto row = [&](const char* name, auto run, double tolerance) {
        const double time = best_seconds(run, x, y);
        const bool right = agree(y, expected, tolerance);
        equal = equal && right;
        std::printf("%-20s %10.2f %10.2f %9.2fx   %s\n", name, time * 1e3,
                    time * 1e9 / static_cast<double>(n), base / time, right ? "yes" : "NO");
    };
    std::printf("%zu elements, %zu threads\n\n", n, parmap::default_pool().size());
    std::printf("%-20s %10s %10s %10s   %s\n", "best of 4", "ms", "ns each", "speed-up", "right");
    row("serial", serial, 0.0);
    row("pooled", pooled, 0.0);
    row("vectorised", vectorised, 1e-14);
    row("pooled, vectorised", both, 1e-14);
    return equal ? 0 : 1;
}
