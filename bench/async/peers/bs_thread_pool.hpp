// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/concurrency.hpp>

#include <BS_thread_pool.hpp>

#include <tuple>

namespace bench {

struct bs_submit {
    static constexpr const char* name = "bs_submit_task";

    template <class F>
    static auto submit(F f) {
        static BS::thread_pool<> threads(parmap::available_concurrency());
        return threads.submit_task(f);
    }
};

using contestants = std::tuple<bs_submit>;

} // namespace bench
