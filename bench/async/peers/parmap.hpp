// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/parmap.hpp>

#include <tuple>

namespace bench {

struct parmap_submit {
    static constexpr const char* name = "parmap";

    template <class F>
    static auto submit(F f) {
        return parmap::submit(f);
    }
};

using contestants = std::tuple<parmap_submit>;

} // namespace bench
