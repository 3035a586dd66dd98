// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace showdown {

/// Where and with what the figures were measured.
struct machine {
    std::string cpu;
    std::size_t cores = 0; // that this process may use
    std::string compiler;
    std::string flags;
    std::string isa;  // of parmap's kernels
    std::string date; // UTC, ISO 8601
};

machine this_machine();

} // namespace showdown
