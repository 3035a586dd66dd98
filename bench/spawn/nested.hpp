// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/items.hpp"
#include "support/paired.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace spawn {

inline constexpr std::size_t rows = 1'000;
inline constexpr std::size_t columns = 1'000;

template <class Who>
concept nests = requires { Who::nests; };

/// A matrix whose rows are mapped by a map of their elements.
class matrix {
public:
    matrix() : in_(rows * columns), out_(rows * columns), ends_(rows), numbers_(rows) {
        std::iota(in_.begin(), in_.end(), 1.0);
        std::iota(numbers_.begin(), numbers_.end(), std::size_t{0});
    }

    void loop() {
        const double* const in = in_.data();
        double* const out = out_.data();
        for (std::size_t row = 0; row < rows; ++row) {
            loop_over_row(in + row * columns, out + row * columns);
            ends_[row] = out[row * columns];
        }
    }

    template <class Who>
    void map() {
        const auto of_row = [in = in_.data(), out = out_.data()](std::size_t row) {
            Who::map(in + row * columns, columns, out + row * columns, bench::cheap());
            return out[row * columns];
        };
        Who::map(numbers_.data(), rows, ends_.data(), of_row);
    }

    template <class Run>
    double checksum(const Run& run) {
        out_.assign(out_.size(), std::numeric_limits<double>::quiet_NaN());
        ends_.assign(ends_.size(), std::numeric_limits<double>::quiet_NaN());
        run();
        return std::accumulate(out_.begin(), out_.end(), 0.0) +
               std::accumulate(ends_.begin(), ends_.end(), 0.0);
    }

private:
    // Where the two might overlap, g++ takes the vectorised loop for the unlikely one and does not
    // align it: all rows take 200 us or 290, as the linker places it.
    [[gnu::noinline]] static void loop_over_row(const double* __restrict in,
                                                double* __restrict out) {
        for (std::size_t i = 0; i < columns; ++i)
            out[i] = bench::cheap()(in[i]);
    }

    std::vector<double> in_, out_, ends_;
    std::vector<std::size_t> numbers_;
};

template <class Who>
void run_nested(benchmark::State& state, const bench::effort& e) {
    matrix m;
    const auto loop = [&m] { m.loop(); };
    const auto call = [&m] { m.template map<Who>(); };
    const double expected = m.checksum(loop);
    if (!bench::require_same(state, expected, m.checksum(call)))
        return;
    bench::measure(state, {bench::temperature::hot, e}, loop, call);
    bench::require_same(state, expected, m.checksum(call));
}

template <class Who>
void add_nested(const bench::effort& e) {
    bench::add_benchmark(std::string("nested/") + Who::name, benchmark::kMicrosecond,
                         [=](benchmark::State& state) { run_nested<Who>(state, e); });
}

} // namespace spawn
