// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace parmap {

/// How a call spreads its items over threads. Results never depend on it.
enum class schedule {
    adaptive, ///< starts as the loop would and brings in workers when the measured work pays for it
    balanced, ///< work stealing from the first item on (a load-balanced view)
    direct,   ///< one contiguous block for each thread, fixed in advance (a direct view)
    serial,   ///< on the caller, in order: for debugging
};

} // namespace parmap
