// SPDX-License-Identifier: Apache-2.0
// Maps of bodies of three costs over 1 to ten million items, beside the loop. Compiled once for
// each peer, so that its maps and the loop that they are compared with are one translation unit's.
#include "points.hpp"
#include "support/enrolment.hpp"
#include "support/items.hpp"
#include "support/paired.hpp"
#include "workspace.hpp"

#include BENCH_PEER

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <vector>

namespace {

using overhead::workspace;

template <class Who>
concept few_points = requires { Who::few_points; };

template <class Who>
concept takes_pointers = requires { Who::takes_pointers; };

template <class Who>
concept makes_its_results = requires(const double* in) { Who::make(in, 1, bench::cheap()); };

template <class Who>
concept maps_into = requires(const double* in, double* out) {
    Who::map(in, 1, out, &bench::cheap::item);
} && !requires { Who::irregular_only; };

template <class Who, class Body>
auto body_for() {
    if constexpr (takes_pointers<Who>) {
        double (*f)(double) = &Body::item;
        benchmark::DoNotOptimize(f); // or the compiler would call what it knows it points to
        return f;
    } else {
        return Body();
    }
}

/// One contestant's map and the plain loop that does the same.
template <class Who, class Body>
struct contest {
    std::size_t n;
    workspace& data = workspace::with(n);
    decltype(body_for<Who, Body>()) f = body_for<Who, Body>();

    void serial() const {
        if constexpr (makes_its_results<Who>) {
            std::vector<double> results(n);
            loop(results.data());
            data.made = std::move(results);
        } else {
            loop(data.out());
        }
    }

    void call() const {
        if constexpr (makes_its_results<Who>) {
            data.made = Who::make(data.in(), n, f);
        } else {
            Who::map(data.in(), n, data.out(), f);
        }
    }

    template <class Run>
    double checksum(const Run& run) const {
        data.spoil(n);
        run();
        if constexpr (makes_its_results<Who>) {
            return data.made.size() == n ? overhead::checksum_of(data.made.data(), n) : -1;
        } else {
            return overhead::checksum_of(data.out(), n);
        }
    }

private:
    void loop(double* out) const {
        const double* const in = data.in();
        const std::size_t count = n;
        const auto body = f;
        for (std::size_t i = 0; i < count; ++i)
            out[i] = body(in[i]);
    }
};

template <class Who, class Body>
void run(benchmark::State& state, std::size_t n, const bench::sampling& how) {
    const contest<Who, Body> pair{n};
    const auto serial = [&pair] { pair.serial(); };
    const auto call = [&pair] { pair.call(); };
    const double expected = pair.checksum(serial);
    if (!bench::require_same(state, expected, pair.checksum(call)))
        return;
    bench::measure(state, how, serial, call);
    bench::require_same(state, expected, pair.checksum(call));
}

template <class Who, class Body>
void add_curve(const std::vector<std::size_t>& at, const bench::sampling& how) {
    for (const std::size_t n : at) {
        const std::string name = std::string(Body::name) + "/" + bench::name_of(how.at) + "/" +
                                 Who::name + "/" + std::to_string(n);
        bench::add_benchmark(name, benchmark::kMicrosecond,
                             [=](benchmark::State& state) { run<Who, Body>(state, n, how); });
    }
}

template <class Who>
void add_curves(const bench::effort& e) {
    bench::for_each_type<std::tuple<bench::cheap, bench::medium, bench::heavy>>([&]<class Body>() {
        const overhead::points at = overhead::points_of<Body>();
        const bool few = few_points<Who> || e.quick;
        add_curve<Who, Body>(few ? at.few : at.hot, {bench::temperature::hot, e});
        if (!few_points<Who>)
            add_curve<Who, Body>(few ? at.few_cold : at.cold, {bench::temperature::cold, e});
    });
}

const bench::enrolment all([](const bench::effort& e) {
    bench::for_each_type<bench::contestants>([&e]<class Who>() {
        if constexpr (maps_into<Who> || makes_its_results<Who>)
            add_curves<Who>(e);
    });
});

} // namespace
