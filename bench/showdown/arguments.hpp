// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"

#include <stdexcept>
#include <string>

namespace showdown {

/// What is asked for makes no sense or cannot be done: one line that says what, and exit status 2.
struct refusal : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Reads the command line; throws `refusal` on anything unknown, senseless or given twice.
config parse_arguments(int argc, const char* const* argv);

/// Throws `refusal` if the job needs more memory than there is, or a file cannot be written.
void check_feasible(const config& c);

std::string help_text();

} // namespace showdown
