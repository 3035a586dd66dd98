// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <execution>
#include <tuple>

namespace bench {

struct std_par {
    static constexpr const char* name = "std_par";
    static constexpr bool nests = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        std::transform(std::execution::par, in, in + n, out, f);
    }
};

using contestants = std::tuple<std_par>;

} // namespace bench
