// SPDX-License-Identifier: Apache-2.0
#include "memory.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>

namespace showdown {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

std::optional<double> number_in(const std::filesystem::path& file) {
    double value = 0;
    std::ifstream stream(file);
    return stream >> value ? std::optional(value) : std::nullopt; // "max" is no number
}

// `key value` (meminfo writes the key with a colon).
std::optional<double> field_in(const std::filesystem::path& file, const std::string& key) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) {
        std::istringstream words(line);
        std::string word;
        double value = 0;
        if (words >> word >> value && word == key) {
            return value;
        }
    }
    return std::nullopt;
}

double physical() {
    if (const auto kilobytes = field_in("/proc/meminfo", "MemAvailable:")) {
        return *kilobytes * 1024;
    }
    const auto pages = sysconf(_SC_PHYS_PAGES);
    const auto page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? static_cast<double>(pages) * static_cast<double>(page)
                                 : unlimited;
}

struct cgroup_files {
    const char* limit;
    const char* used;
    const char* reclaimable; // page cache counts as used, but gives way
};

// A group is bound by its own limit and by those of all groups around it.
double least_room(const std::filesystem::path& root, std::filesystem::path group,
                  const cgroup_files& files) {
    double room = unlimited;
    for (;; group = group.parent_path()) {
        const auto folder = root / group.relative_path();
        if (const auto limit = number_in(folder / files.limit)) {
            const auto used = number_in(folder / files.used).value_or(0);
            const auto cache = field_in(folder / "memory.stat", files.reclaimable).value_or(0);
            room = std::min(room, *limit - std::max(0.0, used - cache));
        }
        if (!group.has_relative_path()) {
            return std::max(0.0, room);
        }
    }
}

double cgroup_room() {
    constexpr cgroup_files v2{"memory.max", "memory.current", "inactive_file"};
    constexpr cgroup_files v1{"memory.limit_in_bytes", "memory.usage_in_bytes",
                              "total_inactive_file"};
    double room = unlimited;
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) { // id:controllers:path
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (second == std::string::npos) {
            continue;
        }
        const auto controllers = line.substr(first + 1, second - first - 1);
        const auto path = line.substr(second + 1);
        if (controllers.empty()) {
            room = std::min(room, least_room("/sys/fs/cgroup", path, v2));
        } else if (controllers.find("memory") != std::string::npos) {
            room = std::min(room, least_room("/sys/fs/cgroup/memory", path, v1));
        }
    }
    return room;
}

double ulimit_room() {
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return unlimited;
    }
    return static_cast<double>(limit.rlim_cur);
}

} // namespace

double bytes_needed(const config& c) {
    const auto one = static_cast<double>(c.size) * sizeof(double);
    const auto all = one * static_cast<double>(c.inputs);
    // Inputs, reused results, fresh results. NumPy: inputs, results, two temporaries a thread.
    const auto native = 3 * all;
    const auto most = static_cast<double>(*std::ranges::max_element(c.threads));
    const auto numpy = c.python ? 2 * all + 2 * one * most : 0.0;
    const auto fixed = 64e6; // the program, its threads, an interpreter
    return std::max(native, numpy) + fixed;
}

double bytes_available() {
    return std::min({physical(), cgroup_room(), ulimit_room()});
}

} // namespace showdown
