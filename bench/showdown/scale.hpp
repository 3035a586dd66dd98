// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "job.hpp"

#include <cstddef>

namespace showdown {

/// GB/s of y = a * x over the job's own buffers on plain threads, each with its own share: the
/// roof under which every row works. Small jobs are passed over many times, and stay in cache.
double scale_bandwidth(job& j, std::size_t threads);

} // namespace showdown
