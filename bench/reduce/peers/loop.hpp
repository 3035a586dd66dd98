// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reduce/loops.hpp"

#include <algorithm>
#include <tuple>
#include <vector>

namespace bench {

// What every peer here is: a name, and those of these functions that the library has a form for, as
// its users would write it. Where it has no kernel of its own, the loops of loops.hpp are what each
// thread runs. `reduce::serial` has them all: against itself it shows how far to trust a run.

/// What is stable, as parmap's is.
struct stable_loop {
    static constexpr const char* name = "stable_loop";

    template <class T>
    static void sort(std::vector<T>& values) {
        std::stable_sort(values.begin(), values.end());
    }
};

using contestants = std::tuple<reduce::serial, stable_loop>;

} // namespace bench
