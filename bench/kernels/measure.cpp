// SPDX-License-Identifier: Apache-2.0
#include "measure.hpp"

#include <parmap/algorithm/map_blocks.hpp>

#include <algorithm>
#include <cfloat>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>

namespace kernels_bench {
namespace {

using clock = std::chrono::steady_clock;

double ns_since(clock::time_point start) {
    return std::chrono::duration<double, std::nano>(clock::now() - start).count();
}

double median(std::vector<double>& samples) {
    const auto middle = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() / 2);
    std::nth_element(samples.begin(), middle, samples.end());
    return *middle;
}

/// In and out, each at the start of a cache line, and of pages at different places: else loads wait
/// for stores that only look as if they went to the same address.
template <class T>
class buffers {
public:
    explicit buffers(std::size_t n) : in_store_(n + spare), out_store_(n + spare), n_(n) {
        in_ = at(in_store_, 0);
        out_ = at(out_store_, 2048);
        std::mt19937_64 random(20'260'917);
        std::uniform_real_distribution<double> uniform(-5, 5);
        for (std::size_t i = 0; i < n; ++i)
            in_[i] = static_cast<T>(uniform(random));
    }

    std::span<const T> in() const { return {in_, n_}; }
    std::span<T> out() { return {out_, n_}; }

private:
    static constexpr std::size_t page = 4096;
    static constexpr std::size_t spare = 2 * page / sizeof(T);

    static T* at(std::vector<T>& store, std::size_t offset) {
        const auto address = reinterpret_cast<std::uintptr_t>(store.data());
        const auto past = (address + page - 1) / page * page + offset - address;
        return store.data() + past / sizeof(T);
    }

    std::vector<T> in_store_, out_store_;
    std::size_t n_;
    T* in_ = nullptr;
    T* out_ = nullptr;
};

template <class T>
double largest_error(std::span<const T> in, std::span<const T> out) {
    using wide = std::conditional_t<std::is_same_v<T, float>, double, long double>;
    double worst = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const wide right = std::expm1(2 * static_cast<wide>(in[i])) / 2;
        int exponent = 0;
        std::frexp(static_cast<T>(right), &exponent);
        const wide ulp = std::ldexp(wide(1), exponent - std::numeric_limits<T>::digits);
        const auto error = std::fabs(static_cast<wide>(out[i]) - right) / ulp;
        worst = std::max(worst, static_cast<double>(error));
    }
    return worst;
}

template <class T>
double sample(const contestant<T>& c, buffers<T>& b, const place& where, std::size_t calls) {
    const auto in = b.in();
    const auto out = b.out();
    const auto start = clock::now();
    for (std::size_t i = 0; i < calls; ++i) {
        if (where.all_threads)
            parmap::parallel_map_blocks(in, out, c.apply);
        else
            c.apply(in, out);
    }
    return ns_since(start) / static_cast<double>(calls * in.size());
}

template <class T>
void measure_place(const std::vector<contestant<T>>& all, std::vector<row>& rows,
                   const place& where, std::size_t column, bool quick) {
    buffers<T> b(where.elements);
    const std::size_t calls = std::max<std::size_t>(1, (quick ? 2'000 : 60'000) / where.elements);
    const std::size_t rounds = quick ? 3 : where.elements > 1'000'000 ? 7 : 101;
    std::vector<std::vector<double>> samples(all.size());
    for (std::size_t round = 0; round <= rounds; ++round) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            const double ns = sample(all[i], b, where, calls);
            if (round > 0) // the first warms up
                samples[i].push_back(ns);
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i)
        rows[i].ns[column] = median(samples[i]);
}

template <class T>
std::vector<row> measure_type(const std::vector<contestant<T>>& all, const figures& f, bool quick) {
    std::vector<row> rows;
    buffers<T> b(quick ? 3'000 : 300'000);
    for (const auto& c : all) {
        c.apply(b.in(), b.out());
        const std::span<const T> out = b.out();
        rows.push_back({c.who, c.how, {}, c.right ? largest_error(b.in(), out) : -1});
    }
    for (std::size_t i = 0; i < places; ++i)
        measure_place(all, rows, f.at[i], i, quick);
    return rows;
}

double cycle_ns() {
    double least = HUGE_VAL;
    for (int round = 0; round < 51; ++round) {
        constexpr int steps = 4'000, adds = 8;
        std::uint64_t chain = 0;
        const auto start = clock::now();
        for (int i = 0; i < steps; ++i) {
            for (int add = 0; add < adds; ++add) {
                chain += 3;
#if defined(__GNUC__)
                asm volatile("" : "+r"(chain)); // not to be summed up beforehand
#endif
            }
        }
        least = std::min(least, ns_since(start) / (steps * adds));
    }
    return least;
}

} // namespace

figures measure(const contest& all, bool quick) {
    figures f;
    f.at = {{{"L1", 1'000, false},
             {"L2", quick ? 3'000U : 30'000U, false},
             {"memory", quick ? 20'000U : 10'000'000U, false},
             {"memory, all threads", quick ? 20'000U : 10'000'000U, true}}};
    f.cycle_ns = cycle_ns();
    f.doubles = measure_type(all.doubles, f, quick);
    f.floats = measure_type(all.floats, f, quick);
    return f;
}

} // namespace kernels_bench
