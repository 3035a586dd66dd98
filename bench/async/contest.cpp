// SPDX-License-Identifier: Apache-2.0
// Tasks that only return a number, all begun before the first is waited for and one after the
// other, beside what std::future costs where nothing runs elsewhere. Compiled once for each peer.
#include "numbers.hpp"
#include "support/enrolment.hpp"
#include "support/paired.hpp"

#include BENCH_PEER

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <vector>

namespace {

using futures::on_this_thread;

template <class Who>
std::size_t all_at_once(std::size_t n) {
    std::vector<decltype(Who::submit(futures::number{0}))> tasks;
    tasks.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
        tasks.push_back(Who::submit(futures::number{i}));
    if constexpr (requires { Who::join(); })
        Who::join();
    std::size_t sum = 0;
    for (auto& task : tasks)
        sum += task.get();
    return sum;
}

template <class Who>
std::size_t one_by_one(std::size_t n) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
        auto task = Who::submit(futures::number{i});
        if constexpr (requires { Who::join(); })
            Who::join();
        sum += task.get();
    }
    return sum;
}

template <class Who>
void add(const char* name, std::size_t (*serial)(std::size_t), std::size_t (*call)(std::size_t),
         std::size_t tasks, const bench::effort& e) {
    bench::add_benchmark(
        std::string(name) + "/" + Who::name, benchmark::kMillisecond, [=](benchmark::State& state) {
            futures::compare(
                state, e, tasks, [=] { return serial(tasks); }, [=] { return call(tasks); });
        });
}

const bench::enrolment all([](const bench::effort& e) {
    bench::for_each_type<bench::contestants>([&e]<class Who>() {
        std::size_t many = e.quick ? 1'000 : 100'000;
        std::size_t few = e.quick ? 100 : 2'000;
        if constexpr (requires { Who::a_thread_each; }) {
            many = few;
            few /= 10;
        }
        add<Who>("all_at_once", &all_at_once<on_this_thread>, &all_at_once<Who>, many, e);
        add<Who>("one_by_one", &one_by_one<on_this_thread>, &one_by_one<Who>, few, e);
    });
});

} // namespace
