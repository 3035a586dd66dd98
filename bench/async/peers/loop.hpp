// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "async/numbers.hpp"

#include <future>
#include <tuple>

namespace bench {

// What every peer here is: a name, `submit`, which returns what has a `get()`, and, where the
// library has the waiting thread help, `join`. `on_this_thread` against itself shows how far to
// trust a run.
struct packaged_task : futures::on_this_thread {
    static constexpr const char* name = "packaged_task_here";
};

struct std_async {
    static constexpr const char* name = "std_async";
    static constexpr bool a_thread_each = true; // too slow for many

    template <class F>
    static auto submit(F f) {
        return std::async(std::launch::async, f);
    }
};

using contestants = std::tuple<packaged_task, std_async>;

} // namespace bench
