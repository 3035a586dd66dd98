// SPDX-License-Identifier: Apache-2.0
// Results in fresh memory, over plain loops that write a fresh buffer of huge pages.
#include "memory.hpp"

#include "support/enrolment.hpp"
#include "support/paired.hpp"

#include <parmap/parmap.hpp>
#include <parmap/simd/kernels.hpp>

#include <cmath>
#include <functional>
#include <string>

namespace results {
namespace {

void write_huge_pages(const std::vector<double>& in) {
    const auto out = fresh_huge_pages(in.size());
    on_every_core(in.size(), [&in, to = out.get()](std::size_t begin, std::size_t end) {
        scale(std::span(in).subspan(begin, end - begin), to + begin);
    });
    benchmark::DoNotOptimize(out.get());
}

/// `make(in)` returns a vector.
template <class Make>
void add(const bench::effort& e, const char* name, Make make) {
    const std::size_t count = e.quick ? 1'000'000 : 10'000'000;
    bench::add_benchmark(
        std::string("fresh/") + name, benchmark::kMillisecond, [=](benchmark::State& state) {
            const auto in = inputs(count);
            bench::measure(
                state, {.spend = e, .one_call = true}, [&] { write_huge_pages(in); },
                [&] { benchmark::DoNotOptimize(make(in).data()); });
            const auto once = make(in);
            const auto again = make(in);
            bench::require_same(state, checksum(once), checksum(again));
        });
}

void exp_sinh(std::span<const double> in, std::span<double> out) {
    parmap::simd::exp_sinh(in, out);
}

const bench::enrolment all([](const bench::effort& e) {
    using vector = std::vector<double>;
    add(e, "scale/parallel_map",
        [](const vector& in) { return parmap::parallel_map(in, scale_one); });
    add(e, "scale/map_blocks", [](const vector& in) {
        return parmap::parallel_map_blocks<double>(
            in, [](std::span<const double> x, std::span<double> y) { scale(x, y.data()); });
    });
    // What a result costs that a vector first fills with zeros.
    add(e, "scale/zeroed_then_map_into", [](const vector& in) {
        vector out(in.size());
        parmap::parallel_map_into(in, out, scale_one);
        return out;
    });
    add(e, "exp_sinh/map_blocks",
        [](const vector& in) { return parmap::parallel_map_blocks<double>(in, exp_sinh); });
    add(e, "scan/inclusive_scan",
        [](const vector& in) { return parmap::inclusive_scan(in, std::plus<>()); });
    add(e, "filter/all", [](const vector& in) {
        return parmap::parallel_filter(in, [](double x) { return x < 100; });
    });
    add(e, "filter/one_in_100", [](const vector& in) {
        return parmap::parallel_filter(in,
                                       [](double x) { return x * 10 - std::floor(x * 10) < 0.01; });
    });
});

} // namespace
} // namespace results
