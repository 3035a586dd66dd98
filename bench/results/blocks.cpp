// SPDX-License-Identifier: Apache-2.0
// Blocks of parallel_map_blocks, over those that it chooses by itself.
#include "memory.hpp"

#include "support/enrolment.hpp"
#include "support/paired.hpp"

#include <parmap/parmap.hpp>
#include <parmap/simd/kernels.hpp>

#include <string>

namespace results {
namespace {

/// A kernel that goes over its block once, and one that has temporaries of the same size.
struct one_pass {
    static constexpr const char* name = "exp_sinh";
    void operator()(std::span<const double> in, std::span<double> out) const {
        parmap::simd::exp_sinh(in, out);
    }
};

struct temporaries {
    static constexpr const char* name = "temporaries";
    void operator()(std::span<const double> in, std::span<double> out) const {
        std::vector<double> squares(in.begin(), in.end());
        for (double& x : squares)
            x *= x;
        const std::vector<double> halves(in.begin(), in.end());
        for (std::size_t i = 0; i != in.size(); ++i)
            out[i] = squares[i] + halves[i] / 2;
    }
};

template <class Kernel>
void add(const bench::effort& e, std::size_t count, std::size_t grain) {
    const std::string name = std::string("blocks/") + Kernel::name + " of " +
                             std::to_string(count) + "/" + std::to_string(grain);
    bench::add_benchmark(name, benchmark::kMicrosecond, [=](benchmark::State& state) {
        const auto in = inputs(count);
        std::vector<double> chosen(count);
        std::vector<double> out(count);
        bench::measure(
            state, {.spend = e}, [&] { parmap::parallel_map_blocks(in, chosen, Kernel{}); },
            [&] { parmap::parallel_map_blocks(in, out, Kernel{}, {.grain = grain}); });
        bench::require_same(state, checksum(chosen), checksum(out));
    });
}

const bench::enrolment all([](const bench::effort& e) {
    for (const std::size_t count :
         {std::size_t{10'000}, std::size_t{100'000}, std::size_t{1'000'000}}) {
        for (std::size_t grain = 256; grain <= 16'384; grain *= 4) {
            add<one_pass>(e, count, grain);
            add<temporaries>(e, count, grain);
        }
    }
});

} // namespace
} // namespace results
