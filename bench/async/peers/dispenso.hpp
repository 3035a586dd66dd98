// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dispenso/future.h>

#include <tuple>

namespace bench {

struct dispenso_async {
    static constexpr const char* name = "dispenso_async";

    template <class F>
    static auto submit(F f) {
        return dispenso::async(std::launch::async, f);
    }
};

using contestants = std::tuple<dispenso_async>;

} // namespace bench
