// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"
#include "memory.hpp"

#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>

namespace showdown {
namespace {

std::string gigabytes(double bytes) {
    std::ostringstream text;
    text << std::setprecision(3) << bytes / 1e9 << " GB";
    return text.str();
}

void check_memory(const config& c) {
    const auto needed = bytes_needed(c);
    const auto available = bytes_available();
    if (needed > available) {
        throw refusal("--size " + std::to_string(c.size) + " with --inputs " +
                      std::to_string(c.inputs) + " needs " + gigabytes(needed) +
                      " of memory, but only " + gigabytes(available) + " are available");
    }
}

// Opening is the only test that also knows of read-only file systems, and of root. It must
// neither shorten a file that is there nor leave one behind if the run is refused after all.
void check_writable(const std::string& option, const std::string& path) {
    std::error_code ignored;
    const bool existed = std::filesystem::exists(path, ignored);
    if (std::filesystem::is_directory(path, ignored)) {
        throw refusal(option + ": '" + path + "' is a directory");
    }
    if (!std::ofstream(path, std::ios::app)) {
        throw refusal(option + ": '" + path + "' cannot be written");
    }
    if (!existed) {
        std::filesystem::remove(path, ignored);
    }
}

} // namespace

void check_feasible(const config& c) {
    check_memory(c);
    if (!c.json.empty()) {
        check_writable("--json", c.json);
    }
    if (!c.svg.empty()) {
        check_writable("--svg", c.svg);
    }
    const auto same = [](const std::string& a, const std::string& b) {
        return std::filesystem::absolute(a).lexically_normal() ==
               std::filesystem::absolute(b).lexically_normal();
    };
    if (!c.json.empty() && !c.svg.empty() && same(c.json, c.svg) && c.json != "/dev/null") {
        throw refusal("--json and --svg name the same file, '" + c.svg + "'");
    }
}

} // namespace showdown
