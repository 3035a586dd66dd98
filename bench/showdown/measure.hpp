// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"
#include "progress_line.hpp"
#include "row.hpp"

#include <stdexcept>

namespace showdown {

/// A row computed something else than `serial` did.
struct wrong_result : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Runs every row on one kind of input and appends to `r`: a warm-up in which checksums are
/// compared (throws `wrong_result`), then interleaved repetitions.
void measure(const config& c, kind k, progress_line& progress, results& r);

/// Throws `wrong_result`, naming the row, unless the two checksums agree.
void require_agreement(const row& r, double expected);

} // namespace showdown
