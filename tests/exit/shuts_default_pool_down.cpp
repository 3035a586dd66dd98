// SPDX-License-Identifier: Apache-2.0
// A program that shuts the default pool down, which no test of others' could survive: calls whose
// items are known to be cheap, and which need nothing of the pool, are refused as all others are.
#include <parmap/parmap.hpp>

#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <vector>

namespace {

const std::vector<int> in(8, 3);
std::vector<int> out(8);

void map_cheaply() {
    parmap::parallel_map_into(in, out, [](int i) { return i * i; });
}

template <class Call>
bool is_refused(Call call) {
    try {
        call();
    } catch (const std::logic_error&) {
        return true;
    }
    return false;
}

} // namespace

int main() {
    for (int i = 0; i < 100; ++i)
        map_cheaply();
    bool well = out.back() == 9;
    parmap::pool other(2);
    other.shutdown();
    out.back() = 0;
    map_cheaply(); // the default pool is another one
    well = well && out.back() == 9;

    parmap::default_pool().shutdown();
    out.back() = 0;
    well = well && is_refused(map_cheaply) && out.back() == 0;
    well = well &&
           is_refused([] { parmap::parallel_for_each(parmap::indices(8), [](std::size_t) {}); });
    parmap::default_pool().shutdown();
    well = well && is_refused(map_cheaply);
    std::fputs(well ? "" : "not as it should be\n", stderr);
    return well ? 0 : 1;
}
