// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"
#include "job.hpp"

#include <vector>

namespace parmap {
class pool;
}

namespace showdown {

contestant serial();
contestant vectorised();

contestant pooled(parmap::pool& pool);
contestant pooled_vectorised(parmap::pool& pool);
contestant pooled_vectorised_fresh(parmap::pool& pool);

} // namespace showdown
