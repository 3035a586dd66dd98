// SPDX-License-Identifier: Apache-2.0
// The first call that a program makes: two items of as many steps as the argument says. Prints its
// time and that of one item, in nanoseconds.
#include "support/items.hpp"

#include BENCH_PEER

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <tuple>

namespace {

struct long_item {
    double operator()(unsigned steps) const { return bench::work(1.5, steps); }
};

template <class Run>
double ns_of(const Run& run) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin)
        .count();
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2)
        return 2;
    using first_contestant = std::tuple_element_t<0, bench::contestants>;
    const auto steps = static_cast<unsigned>(std::strtoul(arguments[1], nullptr, 10));
    const unsigned in[2] = {steps, steps};
    double out[2] = {};
    const double call = ns_of([&] { first_contestant::map(in, 2, out, long_item()); });
    double expected = 0;
    const auto one_item = [&] { expected = long_item()(steps); };
    double item = ns_of(one_item);
    for (int again = 0; again < 4; ++again)
        item = std::min(item, ns_of(one_item));
    std::printf("%s %.0f %.0f\n", first_contestant::name, call, item);
    return out[0] == expected && out[1] == expected ? 0 : 1;
}
