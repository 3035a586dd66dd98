// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <tuple>

namespace bench {

// What every peer here is: a name; `map`, which computes out[i] = f(in[i]) for n elements on all
// cores as its library's users would; where the library has it, `fork`, which calls two functions,
// perhaps at once; and `nests`, where it may be called inside itself. The list `contestants` names
// those of one library.

/// The loop against itself: how far the ratios of a run are to be trusted.
struct loop {
    static constexpr const char* name = "loop";
    static constexpr bool nests = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        for (std::size_t i = 0; i < n; ++i)
            out[i] = f(in[i]);
    }
};

using contestants = std::tuple<loop>;

} // namespace bench
