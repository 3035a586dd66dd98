// SPDX-License-Identifier: Apache-2.0
#include "parmap/simd/detail/dispatch.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <cstdlib>
#include <iterator>
#include <set>
#include <stdexcept>

using namespace parmap::detail;

#if defined(__unix__) || defined(__APPLE__)

// Each build key chooses for itself, so that each number below is a program's first call anew.

TEST_CASE("the environment is read at the first call and then no more", "[simd][dispatch]") {
    setenv("PARMAP_SIMD", "scalar", 1);
    CHECK(active_kernels<1'000'001>().set == instruction_set::scalar);
    setenv("PARMAP_SIMD", "nonsense", 1);
    CHECK(active_kernels<1'000'001>().set == instruction_set::scalar);
    unsetenv("PARMAP_SIMD");
}

TEST_CASE("a refused value is refused at each call until it is mended", "[simd][dispatch]") {
    setenv("PARMAP_SIMD", "nonsense", 1);
    CHECK_THROWS_AS(active_kernels<1'000'002>(), std::invalid_argument);
    CHECK_THROWS_AS(active_kernels<1'000'002>(), std::invalid_argument);
    unsetenv("PARMAP_SIMD");
    const auto best = choose_instruction_set<0>(detect_cpu<0>(), nullptr);
    CHECK(active_kernels<1'000'002>().set == best);
}

#endif

TEST_CASE("each usable instruction set has kernels of its own, all of them", "[simd][dispatch]") {
    std::set<const void*> seen;
    std::size_t sets = 0;
    for (std::size_t i = 0; i < instruction_set_names.size(); ++i) {
        const auto set = static_cast<instruction_set>(i);
        if (!is_usable<0>(set, detect_cpu<0>()))
            continue;
        const auto table = kernels_of<0>(set);
        CHECK(table.set == set);
        for (std::size_t f = 0; f < std::size(kernel_names); ++f) {
            seen.insert(reinterpret_cast<const void*>(table.f64.by_name[f]));
            seen.insert(reinterpret_cast<const void*>(table.f32.by_name[f]));
        }
        ++sets;
    }
    CHECK(sets >= 1);
    CHECK(seen.count(nullptr) == 0);
    CHECK(seen.size() == 2 * std::size(kernel_names) * sets);
}

TEST_CASE("units built for different machines share no kernel", "[simd][dispatch]") {
    CHECK(kernels_of<0>(instruction_set::scalar).f64.by_name[0] !=
          kernels_of<1>(instruction_set::scalar).f64.by_name[0]);
}
