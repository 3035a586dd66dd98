// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <poolstl/poolstl.hpp>
#include <tuple>

namespace bench {

struct poolstl_par {
    static constexpr const char* name = "poolstl";

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        std::transform(poolstl::par, in, in + n, out, f);
    }
};

using contestants = std::tuple<poolstl_par>;

} // namespace bench
