// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/concurrency.hpp>

#include <taskflow/taskflow.hpp>

#include <taskflow/algorithm/for_each.hpp>

#include <cstddef>
#include <tuple>

namespace bench {

struct taskflow_guided {
    static constexpr const char* name = "taskflow_guided";

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        tf::Taskflow graph;
        graph.for_each_index(
            std::size_t{0}, n, std::size_t{1}, [=](std::size_t i) { out[i] = f(in[i]); },
            tf::GuidedPartitioner());
        threads().run(graph).wait();
    }

private:
    static tf::Executor& threads() {
        static tf::Executor all(parmap::available_concurrency());
        return all;
    }
};

using contestants = std::tuple<taskflow_guided>;

} // namespace bench
