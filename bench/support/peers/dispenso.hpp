// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <dispenso/parallel_for.h>
#include <dispenso/task_set.h>

#include <cstddef>
#include <tuple>

namespace bench {

template <dispenso::ParForChunking Chunking>
struct dispenso_map {
    static constexpr bool nests = true;

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        dispenso::parallel_for(dispenso::makeChunkedRange(std::size_t{0}, n, Chunking),
                               [=](std::size_t begin, std::size_t end) {
                                   for (std::size_t i = begin; i != end; ++i)
                                       out[i] = f(in[i]);
                               });
    }
};

struct dispenso_adaptive : dispenso_map<dispenso::ParForChunking::kAdaptive> {
    static constexpr const char* name = "dispenso_adaptive";

    template <class A, class B>
    static void fork(const A& a, const B& b) {
        dispenso::TaskSet tasks(dispenso::globalThreadPool());
        tasks.schedule(a);
        b();
        tasks.wait();
    }
};

struct dispenso_static : dispenso_map<dispenso::ParForChunking::kStatic> {
    static constexpr const char* name = "dispenso_static";
};

using contestants = std::tuple<dispenso_adaptive, dispenso_static>;

} // namespace bench
