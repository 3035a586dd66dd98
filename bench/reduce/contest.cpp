// SPDX-License-Identifier: Apache-2.0
// Sums, means, variances, extremes, running sums and sorting, beside the serial loop. Compiled once
// for each peer of peers/, so that its calls and the loop are one translation unit's.
#include "loops.hpp"
#include "numbers.hpp"
#include "support/enrolment.hpp"
#include "support/paired.hpp"

#include BENCH_PEER

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace {

using reduce::serial;

// Each is a verb that makes a number, for a contestant that has it.
struct sum {
    static constexpr const char* name = "sum";
    template <class Who>
    static auto of(const double* x, std::size_t n) -> decltype(Who::sum(x, n)) {
        return Who::sum(x, n);
    }
};

struct mean {
    static constexpr const char* name = "mean";
    template <class Who>
    static auto of(const double* x, std::size_t n) -> decltype(Who::mean(x, n)) {
        return Who::mean(x, n);
    }
};

struct variance {
    static constexpr const char* name = "variance";
    template <class Who>
    static auto of(const double* x, std::size_t n) -> decltype(Who::variance(x, n)) {
        return Who::variance(x, n);
    }
};

struct minmax {
    static constexpr const char* name = "minmax";
    template <class Who>
    static auto of(const double* x, std::size_t n) -> decltype(Who::range(x, n)) {
        return Who::range(x, n);
    }
};

// Variances of different formulas agree so far.
double rounded(double value) {
    return std::round(value * 1e6) / 1e6;
}

template <class Who, class Verb>
void run_number(benchmark::State& state, std::size_t n, const bench::sampling& how) {
    const std::span<const double> x = reduce::numbers(n);
    double of_loop = 0, of_call = 0;
    const auto loop = [x, &of_loop] { of_loop = Verb::template of<serial>(x.data(), x.size()); };
    const auto call = [x, &of_call] { of_call = Verb::template of<Who>(x.data(), x.size()); };
    loop();
    call();
    if (!bench::require_same(state, rounded(of_loop), rounded(of_call)))
        return;
    // Workers that the loop's turn has put to sleep are awake after some calls.
    const auto calls = [&call] {
        for (int again = 0; again != 4; ++again)
            call();
    };
    bench::measure(state, how, bench::side{loop, loop}, bench::side{call, calls});
    bench::require_same(state, rounded(of_loop), rounded(of_call));
}

double checksum_of(const std::vector<double>& values) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); i += 997)
        sum += values[i] * static_cast<double>(1 + i % 7);
    return sum + values.back();
}

template <class Who>
void run_scan(benchmark::State& state, std::size_t n, const bench::sampling& how) {
    const std::span<const double> x = reduce::numbers(n);
    std::vector<double> made;
    // What the other has made is freed outside its time.
    const auto free = [&made] { made = {}; };
    const auto loop = [x, &made] { made = serial::scan(x.data(), x.size()); };
    const auto call = [x, &made] { made = Who::scan(x.data(), x.size()); };
    loop();
    const double expected = checksum_of(made);
    free();
    call();
    if (!bench::require_same(state, expected, checksum_of(made)))
        return;
    bench::measure(state, how, bench::side{loop, free}, bench::side{call, free});
    free();
    call();
    bench::require_same(state, expected, checksum_of(made));
}

template <class Who, class T>
void run_sort(benchmark::State& state, const std::vector<T>& unsorted, const bench::sampling& how) {
    std::vector<T> values = unsorted;
    const auto restore = [&] { std::copy(unsorted.begin(), unsorted.end(), values.begin()); };
    const auto loop = [&] { serial::sort(values); };
    const auto call = [&] { Who::sort(values); };
    std::vector<T> sorted = unsorted;
    serial::sort(sorted);
    call();
    if (!bench::require_same(state, 1, values == sorted ? 1 : 0))
        return;
    bench::measure(state, how, bench::side{loop, restore}, bench::side{call, restore});
}

template <class Run>
void add(const std::string& verb, std::size_t n, const char* who, Run run) {
    bench::add_benchmark(verb + "/" + std::to_string(n) + "/" + who, benchmark::kMillisecond, run);
}

template <class Who>
void add_numbers(const bench::effort& e) {
    const std::size_t most = e.quick ? 10'000'000 : 100'000'000;
    bench::for_each_type<std::tuple<sum, mean, variance, minmax>>([&]<class Verb>() {
        if constexpr (requires { Verb::template of<Who>(nullptr, 0); }) {
            for (const std::size_t n :
                 std::initializer_list<std::size_t>{10'000, 1'000'000, most}) {
                add(Verb::name, n, Who::name, [n, e](benchmark::State& state) {
                    run_number<Who, Verb>(state, n, {bench::temperature::hot, e});
                });
            }
        }
    });
}

template <class Who>
void add_scans(const bench::effort& e) {
    if constexpr (requires(const double* x) { Who::scan(x, 1); }) {
        const std::size_t n = e.quick ? 1'000'000 : 100'000'000;
        add("inclusive_scan", n, Who::name, [n, e](benchmark::State& state) {
            run_scan<Who>(state, n, {bench::temperature::hot, e, true});
        });
    }
}

template <class Who>
void add_sorts(const bench::effort& e) {
    if constexpr (requires(std::vector<double>& x) { Who::sort(x); }) {
        const std::size_t numbers = e.quick ? 1'000'000 : 10'000'000;
        const std::size_t strings = e.quick ? 100'000 : 1'000'000;
        add("sort_doubles", numbers, Who::name, [numbers, e](benchmark::State& state) {
            run_sort<Who>(state, reduce::unsorted_numbers(numbers),
                          {bench::temperature::hot, e, true});
        });
        add("sort_strings", strings, Who::name, [strings, e](benchmark::State& state) {
            run_sort<Who>(state, reduce::unsorted_strings(strings),
                          {bench::temperature::hot, e, true});
        });
    }
}

const bench::enrolment all([](const bench::effort& e) {
    bench::for_each_type<bench::contestants>([&e]<class Who>() {
        add_numbers<Who>(e);
        add_scans<Who>(e);
        add_sorts<Who>(e);
    });
});

} // namespace
