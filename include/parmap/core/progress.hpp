// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace parmap {

/// How far a call has come.
struct progress {
    std::size_t done = 0;  ///< items that have run
    std::size_t total = 0; ///< items of the call; 0 while an unsized source has not ended
};

} // namespace parmap
