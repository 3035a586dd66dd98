// SPDX-License-Identifier: Apache-2.0
// Calls that return vectors, under a standard library that watches what is done to its vectors.
#include <parmap/algorithm/filter.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/map_blocks.hpp>
#include <parmap/algorithm/scan.hpp>
#include <parmap/algorithm/try_map.hpp>
#include <parmap/core/indices.hpp>

#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <list>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

int failures = 0;

void expect(bool holds, const char* what, std::size_t n) {
    if (!holds) {
        std::fprintf(stderr, "%s, of %zu\n", what, n);
        ++failures;
    }
}

/// Without a default, so that no vector of them can be made beforehand.
struct point {
    explicit point(std::size_t i) : x(static_cast<double>(i)) {}
    double x;
};

double number(std::size_t i) {
    return static_cast<double>(i) + 1;
}

// Values, and that vectors are sound: they grow and are walked as any other.
template <class T, class Expected>
void check(std::vector<T> made, std::size_t n, const char* what, Expected expected) {
    bool right = made.size() == n;
    std::size_t i = 0;
    for (auto at = made.begin(); at != made.end(); ++at, ++i)
        right = right && expected(*at, i);
    expect(right && i == n, what, n);
    if (n != 0) {
        const T first = made.front();
        made.push_back(first);
        made.insert(made.begin(), first);
        made.shrink_to_fit();
        expect(made.size() == n + 2, what, n);
    }
}

void run(std::size_t n) {
    const auto same = [](double x, std::size_t i) { return x == number(i); };
    const auto all = parmap::indices(n);
    const std::vector<double> in = parmap::parallel_map(all, number);
    check(in, n, "numbers", same);
    check(parmap::parallel_map(all, [](std::size_t i) { return point(i); }), n, "points",
          [](const point& p, std::size_t i) { return p.x == static_cast<double>(i); });
    check(parmap::parallel_map(all, [](std::size_t i) { return std::to_string(i); }), n, "strings",
          [](const std::string& s, std::size_t i) { return s == std::to_string(i); });
    check(parmap::parallel_map(all, [](std::size_t i) { return i % 3 == 0; }), n, "bits",
          [](bool bit, std::size_t i) { return bit == (i % 3 == 0); });
    check(parmap::parallel_try_map(all, number), n, "outcomes",
          [&](const auto& made, std::size_t i) { return same(made.value(), i); });
    check(parmap::parallel_filter(in, [](double x) { return x > 0; }), n, "kept", same);
    check(parmap::inclusive_scan(in, [](double, double b) { return b; }), n, "scanned", same);
    const std::list<double> linked(in.begin(), in.end());
    check(parmap::parallel_map(linked, [](double x) { return x; }), n, "walked", same);
    const auto copy = [](std::span<const double> a, std::span<double> b) {
        for (std::size_t i = 0; i != a.size(); ++i)
            b[i] = a[i];
    };
    std::vector<double> out(n);
    parmap::parallel_map_blocks(in, out, copy);
    check(out, n, "blocks", same);
    check(parmap::parallel_map_blocks<double>(in, copy), n, "fresh blocks", same);
}

void run_failing(std::size_t n) {
    std::string what;
    try {
        (void)parmap::parallel_map(parmap::indices(n), [n](std::size_t i) {
            if (i == n / 2)
                throw std::runtime_error("in the middle");
            return std::to_string(i);
        });
    } catch (const std::runtime_error& error) {
        what = error.what();
    }
    expect(what == "in the middle", "the exception", n);
}

} // namespace

int main() {
    for (const std::size_t n : std::initializer_list<std::size_t>{0, 1, 1000, 20'003})
        run(n);
    run_failing(10'000);
    return failures == 0 ? 0 : 1;
}
