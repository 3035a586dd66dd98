// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"
#include "machine.hpp"
#include "row.hpp"

#include <string>

namespace showdown {

/// The table for people.
std::string as_table(const config& c, const machine& m, const results& r);

/// {machine, size, inputs, rows: [{name, input, threads, seconds, speedup, ns_per_element,
/// gbytes_per_s, checksum}]}
std::string as_json(const config& c, const machine& m, const results& r);

/// The picture: how many times as fast as the serial loop each row is.
std::string as_svg(const config& c, const machine& m, const results& r);

} // namespace showdown
