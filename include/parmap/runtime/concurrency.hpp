// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/cgroup.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#ifdef __linux__
#include <bit>
#include <cerrno>
#include <sched.h>
#include <vector>
#endif

namespace parmap {
namespace detail {

inline constexpr std::size_t most_threads = 4096;

// Empty if the system does not tell. A fixed cpu_set_t ends at 1024 CPUs, and the kernel refuses
// any set that is smaller than its own, so the set grows until it is accepted.
inline std::optional<std::size_t> affinity_count() {
#ifdef __linux__
    constexpr std::size_t most_words = std::size_t{1} << 16;
    for (std::vector<unsigned long> words(16); words.size() <= most_words;
         words.assign(words.size() * 2, 0)) {
        auto* set = reinterpret_cast<cpu_set_t*>(words.data());
        if (sched_getaffinity(0, words.size() * sizeof(unsigned long), set) == 0) {
            std::size_t count = 0;
            for (const unsigned long word : words)
                count += static_cast<std::size_t>(std::popcount(word));
            return count;
        }
        if (errno != EINVAL)
            break;
    }
#endif
    return {};
}

inline std::size_t parse_num_threads(std::string_view text) {
    const auto value = parse_decimal(text);
    if (!value || *value == 0 || *value > most_threads) {
        throw std::invalid_argument("PARMAP_NUM_THREADS = \"" + std::string(text) +
                                    "\" is not a whole number from 1 to " +
                                    std::to_string(most_threads));
    }
    return static_cast<std::size_t>(*value);
}

} // namespace detail

/// How many threads this process may keep busy: the least of its CPU affinity mask, its cgroup CPU
/// quota rounded up, and the environment variable `PARMAP_NUM_THREADS` if set; at least 1.
///
/// Complexity: reads a few small files on Linux; ask once and keep the answer.
/// Threads: any, as long as none changes the environment meanwhile.
/// Errors: `std::invalid_argument` that names the variable and its value, if that is not a whole
/// number from 1 to 4096.
[[nodiscard]] inline std::size_t available_concurrency() {
    std::size_t wanted = detail::most_threads;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the caller promises that nobody changes it meanwhile.
    const char* variable = std::getenv("PARMAP_NUM_THREADS");
    if (variable != nullptr)
        wanted = detail::parse_num_threads(variable);
    std::size_t allowed = detail::affinity_count().value_or(std::thread::hardware_concurrency());
#ifdef __linux__
    allowed = std::min(allowed, detail::cgroup_cpu_limit().value_or(allowed));
#endif
    return std::max<std::size_t>(1, std::min(wanted, allowed));
}

} // namespace parmap
