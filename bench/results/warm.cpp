// SPDX-License-Identifier: Apache-2.0
// Results in memory that is there, far larger than the caches, over y[i] = a * x[i] with plain
// stores on every core; and what stores that pass the caches by would bring.
#include "memory.hpp"

#include "support/enrolment.hpp"
#include "support/paired.hpp"

#include <parmap/parmap.hpp>
#include <parmap/simd/kernels.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace results {
namespace {

/// `run(in, out)` writes as many results as there are inputs.
template <class Run>
void add(const bench::effort& e, const char* name, Run run) {
    const std::size_t count = e.quick ? 1'000'000 : 10'000'000;
    bench::add_benchmark(
        std::string("warm/") + name, benchmark::kMillisecond, [=](benchmark::State& state) {
            const auto in = inputs(count);
            std::vector<double> plain(count);
            std::vector<double> out(count);
            bench::measure(
                state, {.spend = e, .one_call = true},
                [&] {
                    on_every_core(count, [&](std::size_t begin, std::size_t end) {
                        scale(std::span(in).subspan(begin, end - begin), plain.data() + begin);
                    });
                },
                [&] { run(std::span<const double>(in), std::span<double>(out)); });
            const double once = checksum(out);
            run(std::span<const double>(in), std::span<double>(out));
            bench::require_same(state, once, checksum(out));
        });
}

void exp_sinh(std::span<const double> in, std::span<double> out) {
    parmap::simd::exp_sinh(in, out);
}

#ifdef __SSE2__
/// Copies with stores that pass the caches by.
void stream(std::span<const double> in, double* out, double factor) {
    const __m128d factors = _mm_set1_pd(factor);
    std::size_t i = 0;
    for (; i != in.size() && reinterpret_cast<std::uintptr_t>(out + i) % 16 != 0; ++i)
        out[i] = in[i] * factor;
    for (; i + 2 <= in.size(); i += 2)
        _mm_stream_pd(out + i, _mm_mul_pd(_mm_loadu_pd(in.data() + i), factors));
    for (; i != in.size(); ++i)
        out[i] = in[i] * factor;
    _mm_sfence();
}

/// As a verb would have to that cannot change a kernel's stores.
void exp_sinh_streamed(std::span<const double> in, std::span<double> out) {
    constexpr std::size_t room = 512;
    alignas(64) double buffer[room];
    for (std::size_t at = 0; at < in.size(); at += room) {
        const std::size_t count = std::min(room, in.size() - at);
        parmap::simd::exp_sinh(in.subspan(at, count), std::span(buffer, count));
        stream(std::span<const double>(buffer, count), out.data() + at, 1);
    }
}
#endif

const bench::enrolment all([](const bench::effort& e) {
    using input = std::span<const double>;
    using output = std::span<double>;
    add(e, "scale/map_into",
        [](input in, output out) { parmap::parallel_map_into(in, out, scale_one); });
    add(e, "exp_sinh/map_blocks",
        [](input in, output out) { parmap::parallel_map_blocks(in, out, exp_sinh); });
    add(e, "exp_sinh/one_thread", exp_sinh);
    add(e, "scale/one_thread", [](input in, output out) { scale(in, out.data()); });
#ifdef __SSE2__
    add(e, "scale/streamed", [](input in, output out) {
        parmap::parallel_map_blocks(in, out, [](input x, output y) { stream(x, y.data(), 1.5); });
    });
    add(e, "scale/streamed_one_thread", [](input in, output out) { stream(in, out.data(), 1.5); });
    add(e, "exp_sinh/streamed",
        [](input in, output out) { parmap::parallel_map_blocks(in, out, exp_sinh_streamed); });
#endif
});

} // namespace
} // namespace results
