// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/items.hpp"
#include "support/paired.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

namespace spawn {

// One type, so that what was learnt of one is at hand when the other is called.
using function = double (*)(double);

double item_of_5_ns(double x);
double item_of_50_us(double x);

struct kind {
    const char* name;
    function f;
};

inline constexpr std::array kinds{kind{"5ns", &item_of_5_ns}, kind{"50us", &item_of_50_us}};
inline constexpr std::size_t alternating_items = 200;

/// One call site whose callable is cheap and heavy by turns.
template <class Who>
class turns {
public:
    turns() : in_(alternating_items, 1.5), out_(alternating_items) {}

    void loop(function f) {
        for (std::size_t i = 0; i < in_.size(); ++i)
            out_[i] = f(in_[i]);
    }

    void map(function f) { Who::map(in_.data(), in_.size(), out_.data(), f); }

    template <class Run>
    double checksum(const Run& run) {
        std::ranges::fill(out_, std::numeric_limits<double>::quiet_NaN());
        run();
        double sum = 0;
        for (std::size_t i = 0; i < out_.size(); ++i)
            sum += out_[i] * static_cast<double>(1 + i % 7);
        return sum;
    }

private:
    std::vector<double> in_, out_;
};

template <class Who>
void run_alternating(benchmark::State& state, std::size_t timed, const bench::effort& e) {
    turns<Who> calls;
    const function f = kinds[timed].f;
    const function other = kinds[1 - timed].f;
    const bench::side serial{[&calls, f] { calls.loop(f); },
                             [&calls, f, other] {
                                 calls.loop(f);
                                 calls.loop(other);
                             }};
    const bench::side contestant{[&calls, f] { calls.map(f); },
                                 [&calls, f, other] {
                                     calls.map(f);
                                     calls.map(other);
                                 }};
    const double expected = calls.checksum(serial.call);
    bench::measure(state, {bench::temperature::hot, e, true}, serial, contestant);
    bench::require_same(state, expected, calls.checksum(contestant.call));
}

template <class Who>
void add_alternating(const bench::effort& e) {
    for (std::size_t timed = 0; timed < kinds.size(); ++timed) {
        const std::string name = std::string("alternating/") + kinds[timed].name + "/" + Who::name;
        bench::add_benchmark(name, benchmark::kMicrosecond, [=](benchmark::State& state) {
            run_alternating<Who>(state, timed, e);
        });
    }
}

} // namespace spawn
