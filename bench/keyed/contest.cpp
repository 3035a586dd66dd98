// SPDX-License-Identifier: Apache-2.0
// Counting, adding up and grouping by key, beside the loop over std::unordered_map. Compiled once
// for each peer of peers/, so that its calls and the loop are one translation unit's.
#include "loops.hpp"
#include "support/enrolment.hpp"
#include "support/paired.hpp"
#include "work.hpp"

#include BENCH_PEER

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <utility>

namespace {

using keyed::serial;

// Each is a verb, for a contestant that has it.
struct count {
    template <class Who, class Elements>
    static auto of(const Elements& keys) -> decltype(Who::count(keys)) {
        return Who::count(keys);
    }
};

struct reduce_by {
    template <class Who, class Elements>
    static auto of(const Elements& sales) -> decltype(Who::total(sales)) {
        return Who::total(sales);
    }
};

struct group_by {
    template <class Who, class Elements>
    static auto of(const Elements& sales) -> decltype(Who::group(sales)) {
        return Who::group(sales);
    }
};

template <class Who, class Verb, class Elements>
void run(benchmark::State& state, const Elements& elements, const bench::effort& e) {
    decltype(Verb::template of<serial>(elements)) made;
    // What the other has made is freed outside its time.
    const auto free = [&made] { made = {}; };
    const auto loop = [&] { made = Verb::template of<serial>(elements); };
    const auto call = [&] { made = Verb::template of<Who>(elements); };
    loop();
    const auto expected = std::move(made);
    call();
    if (!bench::require_same(state, 1, made == expected ? 1 : 0))
        return;
    bench::measure(state, {bench::temperature::hot, e, true}, bench::side{loop, free},
                   bench::side{call, free});
    free();
    call();
    bench::require_same(state, 1, made == expected ? 1 : 0);
}

template <class Who, class Verb, class Elements>
void add(const std::string& name, const Elements& (*elements)(std::size_t), std::size_t size,
         const bench::effort& e) {
    if constexpr (requires(const Elements& all) { Verb::template of<Who>(all); }) {
        bench::add_benchmark(
            name + "/" + std::to_string(size) + "/" + Who::name, benchmark::kMillisecond,
            [=](benchmark::State& state) { run<Who, Verb>(state, elements(size), e); });
    }
}

const bench::enrolment all([](const bench::effort& e) {
    const std::size_t bytes = e.quick ? 2'000'000 : 100'000'000;
    const std::size_t keys = e.quick ? 200'000 : 10'000'000;
    const std::size_t distinct = e.quick ? 50'000 : 2'000'000;
    bench::for_each_type<bench::contestants>([&]<class Who>() {
        add<Who, count>("count_by_words", &keyed::words, bytes, e);
        add<Who, count>("count_by_skewed", &keyed::skewed, keys, e);
        add<Who, count>("count_by_scattered", &keyed::scattered, distinct, e);
        add<Who, count>("count_by_counted_up", &keyed::counted_up, distinct, e);
        add<Who, reduce_by>("reduce_by", &keyed::sales, keys, e);
        add<Who, group_by>("group_by", &keyed::sales, keys, e);
    });
});

} // namespace
