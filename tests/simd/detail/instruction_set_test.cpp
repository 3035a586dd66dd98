// SPDX-License-Identifier: Apache-2.0
#include "parmap/simd/detail/instruction_set.hpp"

#include "support/catch.hpp"

#include <stdexcept>

using namespace parmap::detail;

namespace {

constexpr cpu_features old_cpu{};
constexpr cpu_features new_cpu{.sse2 = true, .avx2 = true, .fma = true};
constexpr cpu_features newest_cpu{.sse2 = true, .avx2 = true, .fma = true, .avx512f = true};
constexpr cpu_features arm_cpu{.neon = true};

instruction_set choose(const cpu_features& cpu, const char* wanted) {
    return choose_instruction_set<0>(cpu, wanted);
}

} // namespace

TEST_CASE("the best instruction set is chosen where none is wanted", "[simd][instruction_set]") {
    for (const char* nothing : {static_cast<const char*>(nullptr), ""}) {
        CHECK(choose(old_cpu, nothing) == instruction_set::scalar);
        CHECK(choose(new_cpu, nothing) == instruction_set::avx2);
        CHECK(choose(newest_cpu, nothing) == instruction_set::avx512);
        CHECK(choose(arm_cpu, nothing) == instruction_set::neon);
    }
    CHECK(choose({.avx2 = true, .fma = false}, nullptr) == instruction_set::scalar);
    CHECK(choose({.sse2 = true, .avx2 = false, .fma = true}, nullptr) == instruction_set::sse2);
}

TEST_CASE("PARMAP_SIMD lowers the instruction set", "[simd][instruction_set]") {
    CHECK(choose(new_cpu, "scalar") == instruction_set::scalar);
    CHECK(choose(new_cpu, "sse2") == instruction_set::sse2);
    CHECK(choose(new_cpu, "avx2") == instruction_set::avx2);
    CHECK(choose(newest_cpu, "avx2") == instruction_set::avx2);
    CHECK(choose(newest_cpu, "avx512") == instruction_set::avx512);
    CHECK(choose(arm_cpu, "scalar") == instruction_set::scalar);
    CHECK(choose(old_cpu, "scalar") == instruction_set::scalar);
}

TEST_CASE("an unknown or unavailable PARMAP_SIMD is refused with the choices",
          "[simd][instruction_set]") {
    CHECK_THROWS_AS(choose(old_cpu, "avx2"), std::invalid_argument);
    CHECK_THROWS_AS(choose(new_cpu, "neon"), std::invalid_argument);
    CHECK_THROWS_AS(choose(new_cpu, "avx512"), std::invalid_argument);
    CHECK_THROWS_AS(choose(new_cpu, "AVX2"), std::invalid_argument);
    CHECK_THROWS_AS(choose(new_cpu, " "), std::invalid_argument);
    CHECK_THROWS_WITH(choose(new_cpu, "mmx"), "PARMAP_SIMD=\"mmx\" is not an instruction set; "
                                              "the choices are: scalar, sse2, avx2");
    CHECK_THROWS_WITH(choose(old_cpu, "avx2"), "PARMAP_SIMD=\"avx2\" is not available on this "
                                               "machine; the choices are: scalar");
}
