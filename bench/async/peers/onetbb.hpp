// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <cstddef>
#include <future>
#include <memory>
#include <tuple>

namespace bench {

// oneTBB has no futures: these are std's.
using tbb_packaged_task = std::packaged_task<std::size_t()>;

struct tbb_task_group {
    static constexpr const char* name = "tbb_task_group";

    template <class F>
    static std::future<std::size_t> submit(F f) {
        auto task = std::make_shared<tbb_packaged_task>(f);
        tasks().run([task] { (*task)(); });
        return task->get_future();
    }

    static void join() { tasks().wait(); }

private:
    static tbb::task_group& tasks() {
        static tbb::task_group all;
        return all;
    }
};

struct tbb_enqueue {
    static constexpr const char* name = "tbb_enqueue";

    template <class F>
    static std::future<std::size_t> submit(F f) {
        auto promise = std::make_shared<std::promise<std::size_t>>();
        std::future<std::size_t> result = promise->get_future();
        arena().enqueue([promise, f] { promise->set_value(f()); });
        return result;
    }

private:
    static tbb::task_arena& arena() {
        static tbb::task_arena all;
        return all;
    }
};

using contestants = std::tuple<tbb_task_group, tbb_enqueue>;

} // namespace bench
