// SPDX-License-Identifier: Apache-2.0
// bench_kernels [--quick] [--svg FILE]: parmap's exp_sinh beside the vector maths libraries.
#include "report.hpp"

#include <parmap/runtime/pool.hpp>
#include <parmap/simd/kernels.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace kernels_bench {
namespace {

std::vector<void (*)(contest&)>& enrolments() {
    static std::vector<void (*)(contest&)> all;
    return all;
}

std::string cpu_name() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("model name"))
            return line.substr(line.find(':') + 2);
    }
    return "unknown CPU";
}

std::string machine() {
    const std::time_t now = std::time(nullptr);
    char date[32] = {};
    std::strftime(date, sizeof date, "%Y-%m-%d", std::gmtime(&now));
    return cpu_name() + ", " + std::to_string(parmap::default_pool().size()) + " threads, " +
           std::string(parmap::simd::isa()) + "; " BENCH_COMPILER " " BENCH_FLAGS ", " + date;
}

template <class T>
std::vector<contestant<T>> ours_first(const std::vector<contestant<T>>& all) {
    const auto ours = [](const contestant<T>& c) { return c.who == "parmap"; };
    std::vector<contestant<T>> sorted;
    std::ranges::copy_if(all, std::back_inserter(sorted), ours);
    std::ranges::copy_if(all, std::back_inserter(sorted), std::not_fn(ours));
    return sorted;
}

/// Whoever is off by more than this computes something else.
bool all_right(const figures& f) {
    bool right = true;
    for (const auto* rows : {&f.doubles, &f.floats}) {
        for (const row& r : *rows) {
            if (r.ulp <= 100)
                continue;
            std::fprintf(stderr, "bench_kernels: %s (%s) errs by %g ULP\n", r.who.c_str(),
                         r.how.c_str(), r.ulp);
            right = false;
        }
    }
    return right;
}

int run(int count, char** arguments) {
    bool quick = false;
    std::string picture;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--quick") {
            quick = true;
        } else if (argument == "--svg" && i + 1 < count) {
            picture = arguments[++i];
        } else {
            std::fprintf(stderr, "usage: bench_kernels [--quick] [--svg FILE]\n");
            return 2;
        }
    }
    const figures f = measure(everyone(), quick);
    std::printf("%s\n\n%s", machine().c_str(), as_markdown(f).c_str());
    if (!picture.empty() && !(std::ofstream(picture) << as_svg(f, machine()))) {
        std::fprintf(stderr, "bench_kernels: cannot write %s\n", picture.c_str());
        return 2;
    }
    return all_right(f) ? 0 : 1;
}

} // namespace

enrolled::enrolled(void (*add)(contest&)) {
    enrolments().push_back(add);
}

contest everyone() {
    contest all;
    for (const auto add : enrolments())
        add(all);
    return {ours_first(all.doubles), ours_first(all.floats)};
}

} // namespace kernels_bench

int main(int count, char** arguments) {
    try {
        return kernels_bench::run(count, arguments);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench_kernels: %s\n", e.what());
        return 2;
    }
}
