// SPDX-License-Identifier: Apache-2.0
// Maps of 0 to 100 items that are known to be cheap, and the loops that do the same. Run by
// count_instructions, which counts what is executed inside functions named `counted`.
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/map_into.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/runtime/pool.hpp>
#include <span>

namespace {

using parmap::detail::memory_for;

constexpr std::size_t most_items = 100;
constexpr int calls = 500;

std::array<double, most_items> in;
std::array<double, most_items> out;

double square_of(double x) {
    return x * x;
}

// Not known to the compiler, or it would call what it points to by name.
double (*volatile function_pointer)(double) = &square_of;

struct square {
    double operator()(double x) const { return square_of(x); }
};

struct square_at {
    void operator()(std::size_t i) const { out[i] = square_of(in[i]); }
};

// The time of an item as a quiet machine would have measured it, not as the counter stretches it.
template <class Body, class F>
void teach(F& f) {
    memory_for<Body>(f).note(0.5);
}

template <class F>
void loop_over(std::size_t n, F f) {
    const double* const from = in.data();
    double* const to = out.data();
    for (std::size_t i = 0; i < n; ++i)
        to[i] = f(from[i]);
}

struct loop {
    static void run(std::size_t n) { loop_over(n, square()); }
};

struct loop_by_pointer {
    static void run(std::size_t n) { loop_over(n, function_pointer); }
};

struct map_into {
    static void run(std::size_t n) {
        const square f;
        teach<parmap::detail::map_into_body<const double*, double*, const square>>(f);
        parmap::parallel_map_into(std::span<const double>(in.data(), n), std::span(out), f);
    }
};

struct map_into_by_pointer {
    static void run(std::size_t n) {
        using function = double (*)(double);
        function f = function_pointer;
        teach<parmap::detail::map_into_body<const double*, double*, function>>(f);
        parmap::parallel_map_into(std::span<const double>(in.data(), n), std::span(out), f);
    }
};

struct for_each {
    static void run(std::size_t n) {
        using first = decltype(parmap::indices(n).begin());
        const square_at f;
        teach<parmap::detail::for_each_body<first, const square_at>>(f);
        parmap::parallel_for_each(parmap::indices(n), f);
    }
};

template <class What, int Items>
[[gnu::noinline]] void counted() {
    volatile std::size_t opaque = Items; // a loop over a number that is known is another one
    const std::size_t n = opaque;
    for (int call = 0; call < calls; ++call) {
        What::run(n);
        std::atomic_signal_fence(std::memory_order_seq_cst); // each call stores its results
    }
}

// The first call makes the pool and learns, uncounted.
template <class What, int Items>
void count() {
    What::run(Items);
    counted<What, Items>();
}

template <class What>
void count_all() {
    count<What, 0>();
    count<What, 1>();
    count<What, 8>();
    count<What, 32>();
    count<What, 100>();
}

} // namespace

int main() {
    in.fill(1.5);
    count_all<loop>();
    count_all<loop_by_pointer>();
    count_all<map_into>();
    count_all<map_into_by_pointer>();
    count_all<for_each>();
    // A pool of which no worker has been called for.
    const bool quiet =
        !parmap::detail::pool_access::team_of(parmap::default_pool()).anyone_coming();
    std::printf("%s\n", quiet ? "nobody was called for" : "a worker was called for");
    return quiet && out[most_items - 1] == 2.25 ? 0 : 1;
}
