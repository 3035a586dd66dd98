// SPDX-License-Identifier: Apache-2.0
// Google Benchmark's main, and the option --quick.
#include "enrolment.hpp"
#include "paired.hpp"

#include <parmap/runtime/concurrency.hpp>
#include <parmap/version.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

namespace bench {

std::vector<enrol_function>& enrolled() {
    static std::vector<enrol_function> all;
    return all;
}

namespace {

bool take_quick(int& count, char** arguments) {
    char** const end = arguments + count;
    char** const rest = std::remove_if(arguments + 1, end, [](const char* argument) {
        return std::strcmp(argument, "--quick") == 0;
    });
    const bool found = rest != end;
    count = static_cast<int>(rest - arguments);
    arguments[count] = nullptr;
    return found;
}

void describe_run(bool quick) {
    using benchmark::AddCustomContext;
    AddCustomContext("effort", quick ? "quick" : "full");
    AddCustomContext("threads", std::to_string(parmap::available_concurrency()));
    AddCustomContext("parmap", std::to_string(parmap::version_major) + "." +
                                   std::to_string(parmap::version_minor) + "." +
                                   std::to_string(parmap::version_patch));
    AddCustomContext("compiler", BENCH_COMPILER);
    AddCustomContext("flags", BENCH_FLAGS);
}

int run(int count, char** arguments) {
    const bool quick = take_quick(count, arguments);
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments))
        return 2;
    describe_run(quick);
    for (const enrol_function enrol : enrolled())
        enrol(quick ? quick_effort : full_effort);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return any_wrong_result() ? 1 : 0;
}

} // namespace
} // namespace bench

int main(int count, char** arguments) {
    try {
        return bench::run(count, arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
