// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/concurrency.hpp>

#include <taskflow/taskflow.hpp>

#include <tuple>

namespace bench {

struct taskflow_async {
    static constexpr const char* name = "taskflow";

    template <class F>
    static auto submit(F f) {
        static tf::Executor threads(parmap::available_concurrency());
        return threads.async(f);
    }
};

using contestants = std::tuple<taskflow_async>;

} // namespace bench
