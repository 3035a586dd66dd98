// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace showdown {

/// Runs a program without a shell and hands each line of its standard output to `on_line`; what it
/// writes to standard error is dropped. Past `limit` it is asked to end, then killed. Returns its
/// exit status; a signal's number plus 128 if one ended it, 127 if it could not be started.
int run_program(const std::vector<std::string>& command, std::chrono::seconds limit,
                const std::function<void(const std::string&)>& on_line);

} // namespace showdown
