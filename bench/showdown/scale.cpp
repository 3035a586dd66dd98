// SPDX-License-Identifier: Apache-2.0
#include "scale.hpp"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <thread>
#include <vector>

namespace showdown {
namespace {

constexpr std::size_t least_elements = std::size_t{1} << 25; // tens of milliseconds

void scale_share(job& j, std::size_t part, std::size_t parts) {
    for (std::size_t i = 0; i < j.in.size(); ++i) {
        const auto size = j.in[i].size();
        const auto end = size * (part + 1) / parts;
        const double* const x = j.in[i].data();
        double* const y = j.out[i].data();
        for (std::size_t e = size * part / parts; e < end; ++e) {
            y[e] = 3.0 * x[e];
        }
    }
}

} // namespace

double scale_bandwidth(job& j, std::size_t threads) {
    using clock = std::chrono::steady_clock;
    const auto elements = j.in.size() * j.in.front().size();
    const auto passes = std::max<std::size_t>(1, least_elements / elements);
    std::barrier gate(static_cast<std::ptrdiff_t>(threads) + 1);
    clock::time_point begin;
    clock::time_point end;
    {
        std::vector<std::jthread> workers;
        for (std::size_t part = 0; part < threads; ++part) {
            workers.emplace_back([&, part] {
                gate.arrive_and_wait();
                for (std::size_t pass = 0; pass < passes; ++pass) {
                    scale_share(j, part, threads);
                }
                gate.arrive_and_wait();
            });
        }
        gate.arrive_and_wait();
        begin = clock::now();
        gate.arrive_and_wait();
        end = clock::now();
    }
    const auto bytes = bytes_per_element * static_cast<double>(elements * passes);
    return bytes / std::chrono::duration<double>(end - begin).count() / 1e9;
}

} // namespace showdown
