// SPDX-License-Identifier: Apache-2.0
#include "machine.hpp"

#include <parmap/parmap.hpp>
#include <parmap/simd/kernels.hpp>

#include <sys/utsname.h>

#include <chrono>
#include <ctime>
#include <fstream>

namespace showdown {
namespace {

std::string cpu_name() {
    std::ifstream cpuinfo("/proc/cpuinfo");
    for (std::string line; std::getline(cpuinfo, line);) {
        const auto colon = line.find(": ");
        if (line.starts_with("model name") && colon != std::string::npos) {
            return line.substr(colon + 2);
        }
    }
    utsname system{};
    return uname(&system) == 0 ? std::string(system.machine) : "unknown";
}

std::string compiler_name() {
#if defined(__clang__)
    return "clang++ " __clang_version__;
#elif defined(__GNUC__)
    return "g++ " __VERSION__;
#else
    return "unknown";
#endif
}

std::string now_utc() {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

} // namespace

machine this_machine() {
    return {cpu_name(),     parmap::available_concurrency(),  compiler_name(),
            SHOWDOWN_FLAGS, std::string(parmap::simd::isa()), now_utc()};
}

} // namespace showdown
