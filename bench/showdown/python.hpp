// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"
#include "progress_line.hpp"
#include "row.hpp"

namespace showdown {

/// Runs the same job under CPython, in as many ways as are installed, and appends its rows to `r`.
/// What is missing or fails becomes a note. Throws `wrong_result` if a row computed something else.
void measure_python(const config& c, progress_line& progress, results& r);

} // namespace showdown
