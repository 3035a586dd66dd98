// SPDX-License-Identifier: Apache-2.0
// Calls that are many and small: a tree of pairs, a map inside a map, and one call site whose
// callable is cheap and heavy by turns. Compiled once for each peer.
#include "support/enrolment.hpp"

#include BENCH_PEER

#include "alternating.hpp"
#include "fib.hpp"
#include "nested.hpp"

namespace {

template <class Who>
concept maps_pointers = requires(const double* in, double* out) {
    Who::map(in, 1, out, &spawn::item_of_5_ns);
} && !requires { Who::irregular_only; };

const bench::enrolment all([](const bench::effort& e) {
    bench::for_each_type<bench::contestants>([&e]<class Who>() {
        if constexpr (spawn::forks<Who>)
            spawn::add_fib<Who>(e);
        if constexpr (spawn::nests<Who> && maps_pointers<Who>)
            spawn::add_nested<Who>(e);
        if constexpr (maps_pointers<Who>)
            spawn::add_alternating<Who>(e);
    });
});

} // namespace
