// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>

namespace bench {

/// How much measuring one point of a curve gets.
struct effort {
    bool quick = false;                    // a few points, to see at once whether something broke
    std::chrono::milliseconds budget{600}; // of hot rounds
    std::size_t least_rounds = 7;          // however long a round takes
    std::size_t most_rounds = 400;
    std::size_t cold_rounds = 21;
};

inline constexpr effort full_effort{};
inline constexpr effort quick_effort{true, std::chrono::milliseconds{100}, 5, 100, 7};

} // namespace bench
