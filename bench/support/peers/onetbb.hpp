// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_invoke.h>
#include <tbb/partitioner.h>
#include <tbb/task_group.h>

#include <cstddef>
#include <tuple>

namespace bench {

template <class Partitioner>
struct tbb_map {
    static constexpr bool nests = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        tbb::parallel_for(
            tbb::blocked_range<std::size_t>(0, n),
            [=](const tbb::blocked_range<std::size_t>& block) {
                for (std::size_t i = block.begin(); i != block.end(); ++i)
                    out[i] = f(in[i]);
            },
            Partitioner());
    }
};

struct tbb_auto : tbb_map<tbb::auto_partitioner> {
    static constexpr const char* name = "tbb_auto";

    template <class A, class B>
    static void fork(const A& a, const B& b) {
        tbb::parallel_invoke(a, b);
    }
};

struct tbb_static : tbb_map<tbb::static_partitioner> {
    static constexpr const char* name = "tbb_static";
};

/// Only spawns: its maps would be those of parallel_for.
struct tbb_task_group {
    static constexpr const char* name = "tbb_task_group";

    template <class A, class B>
    static void fork(const A& a, const B& b) {
        tbb::task_group tasks;
        tasks.run(a);
        b();
        tasks.wait();
    }
};

using contestants = std::tuple<tbb_auto, tbb_static, tbb_task_group>;

} // namespace bench
