// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/items.hpp"
#include "support/paired.hpp"

#include <cstddef>
#include <type_traits>
#include <vector>

namespace overhead {

/// Where a body's curve is measured. `few` shows its shape: for what is not worth a whole curve.
struct points {
    std::vector<std::size_t> hot, cold, few, few_cold;
};

template <class Body>
points points_of() {
    if constexpr (std::is_same_v<Body, bench::cheap>) {
        return {{1, 2, 8, 32, 64, 128, 1'000, 10'000, 100'000, 1'000'000, 10'000'000},
                {8, 64, 1'000, 10'000, 100'000},
                {1, 64, 10'000, 1'000'000},
                {}};
    } else if constexpr (std::is_same_v<Body, bench::medium>) {
        return {{1, 2, 8, 16, 32, 64, 128, 1'000, 10'000, 100'000, 1'000'000},
                {8, 64, 1'000, 10'000, 100'000},
                {1, 32, 1'000},
                {}};
    } else {
        return {{1, 2, 4, 8, 16, 64, 128, 1'000, 10'000}, {8, 64, 1'000}, {1, 2, 64}, {64}};
    }
}

} // namespace overhead
