// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/concurrency.hpp>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <thread>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

// What results are measured against: plain loops, one on each core, into memory as good as can be.

namespace results {

struct free_memory {
    void operator()(double* first) const noexcept { std::free(first); }
};

/// Memory that nobody has touched, of huge pages all through where the system has them.
inline std::unique_ptr<double[], free_memory> fresh_huge_pages(std::size_t count) {
    constexpr std::size_t page = std::size_t{2} << 20;
    const std::size_t bytes = (count * sizeof(double) + page - 1) / page * page;
    std::unique_ptr<double[], free_memory> memory(
        static_cast<double*>(std::aligned_alloc(page, bytes)));
    if (!memory)
        throw std::bad_alloc();
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    madvise(memory.get(), bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

/// Calls `body(begin, end)` with an equal share of `count` elements on each core, this thread's
/// being the first.
template <class Body>
void on_every_core(std::size_t count, Body body) {
    const std::size_t threads = parmap::available_concurrency();
    const auto share = [=](std::size_t t) { body(count * t / threads, count * (t + 1) / threads); };
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < threads; ++t)
        others.emplace_back(share, t);
    share(0);
}

/// Elements from -5 to 5.
inline std::vector<double> inputs(std::size_t count) {
    std::vector<double> all(count);
    for (std::size_t i = 0; i != count; ++i)
        all[i] = static_cast<double>(i) / static_cast<double>(count) * 10 - 5;
    return all;
}

inline constexpr auto scale_one = [](double x) { return x * 1.5; };

/// With plain stores.
inline void scale(std::span<const double> in, double* out) {
    for (std::size_t i = 0; i != in.size(); ++i)
        out[i] = scale_one(in[i]);
}

/// Ten of them, so that a wrong result is one of no share.
inline double checksum(std::span<const double> all) {
    double sum = 0;
    for (std::size_t i = 0; i < all.size(); i += all.size() / 10 + 1)
        sum += all[i];
    return sum + all.back();
}

} // namespace results
