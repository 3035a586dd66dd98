// SPDX-License-Identifier: Apache-2.0
// Of parmap alone: going on with a future beside submitting, and a map that a future stands for
// beside the map.
#include "numbers.hpp"
#include "support/enrolment.hpp"
#include "support/items.hpp"
#include "support/paired.hpp"

#include <parmap/parmap.hpp>

#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace futures {
namespace {

std::size_t all_submitted(std::size_t n) {
    std::vector<parmap::future<std::size_t>> tasks;
    tasks.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
        tasks.push_back(parmap::submit(number{i}));
    std::size_t sum = 0;
    for (auto& task : tasks)
        sum += task.get();
    return sum;
}

std::size_t all_continued(std::size_t n) {
    std::vector<parmap::future<std::size_t>> tasks;
    tasks.reserve(n);
    for (std::size_t i = 0; i < n; ++i)
        tasks.push_back(parmap::submit(number{i}).then([](std::size_t x) { return x; }));
    std::size_t sum = 0;
    for (auto& task : tasks)
        sum += task.get();
    return sum;
}

std::size_t one_chain(std::size_t n) {
    auto sum = parmap::submit(number{0});
    for (std::size_t i = 1; i < n; ++i)
        sum = std::move(sum).then([i](std::size_t x) { return x + i; });
    return sum.get();
}

template <class Body>
void add_map(const bench::effort& e, std::size_t n) {
    const std::string name =
        std::string("map_async/") + Body::name + " of " + std::to_string(n) + "/parmap";
    bench::add_benchmark(name, benchmark::kMicrosecond, [=](benchmark::State& state) {
        std::vector<double> in(n);
        std::iota(in.begin(), in.end(), 1.0);
        const auto sum = [](const std::vector<double>& all) { return all.front() + all.back(); };
        compare(
            state, e, 1, [&] { return sum(parmap::parallel_map(in, Body())); },
            [&] { return sum(parmap::map_async(in, Body()).get()); });
    });
}

const bench::enrolment all([](const bench::effort& e) {
    const std::size_t tasks = e.quick ? 1'000 : 100'000;
    for (const auto& [name, call] : {std::pair("then/each/parmap", &all_continued),
                                     std::pair("then/chain/parmap", &one_chain)}) {
        bench::add_benchmark(name, benchmark::kMillisecond, [=, way = call](auto& state) {
            compare(
                state, e, tasks, [=] { return all_submitted(tasks); }, [=] { return way(tasks); });
        });
    }
    add_map<bench::cheap>(e, 64);
    add_map<bench::cheap>(e, 100'000);
    add_map<bench::medium>(e, 1'000);
});

} // namespace
} // namespace futures
