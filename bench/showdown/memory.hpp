// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"

namespace showdown {

/// The job's largest footprint in bytes. A double, since it may be more than any integer holds.
double bytes_needed(const config& c);

/// What this process can still get: free physical memory, cgroup limits (v1 and v2) and ulimits.
double bytes_available();

} // namespace showdown
