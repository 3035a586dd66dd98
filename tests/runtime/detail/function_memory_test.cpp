// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <array>
#include <barrier>
#include <cstddef>
#include <parmap/runtime/detail/function_memory.hpp>
#include <thread>
#include <utility>
#include <vector>

using parmap::detail::function_memory;
using parmap::detail::memory_for;
using parmap::detail::memory_of;
using parmap::detail::site_memory;

namespace {

template <std::size_t Which>
std::size_t number() {
    return Which;
}

using function = std::size_t (*)();

template <std::size_t... Which>
constexpr std::array<function, sizeof...(Which)> numbers(std::index_sequence<Which...>) {
    return {&number<Which>...};
}

constexpr std::size_t places = function_memory<std::size_t()>::places;
constexpr auto all = numbers(std::make_index_sequence<places + 2>());

struct site {};
struct other_site {};

} // namespace

TEST_CASE("each of a few functions has a memory of its own", "[runtime][engine]") {
    function_memory<std::size_t()> memory;
    for (std::size_t i = 0; i < places; ++i)
        memory.of(all[i]).note(static_cast<double>(i + 1));
    for (std::size_t i = places; i-- > 0;)
        CHECK(memory.of(all[i]).item_time() == static_cast<double>(i + 1));
}

TEST_CASE("functions beyond these share a memory and take nobody's", "[runtime][engine]") {
    function_memory<std::size_t()> memory;
    for (const function each : all)
        memory.of(each).note(5);
    site_memory& shared = memory.of(all[places]);
    CHECK(&shared == &memory.of(all[places + 1]));
    for (std::size_t i = 0; i < places; ++i)
        CHECK(&memory.of(all[i]) != &shared);
}

TEST_CASE("threads that meet with functions at once agree on their memories", "[runtime][engine]") {
    constexpr std::size_t threads = 3;
    for (int round = 0; round < 50; ++round) {
        function_memory<std::size_t()> memory;
        std::array<std::array<site_memory*, places>, threads> found{};
        std::barrier start(threads);
        std::vector<std::jthread> crew;
        for (std::size_t t = 0; t < threads; ++t)
            crew.emplace_back([&, t] {
                start.arrive_and_wait();
                for (std::size_t i = 0; i < places; ++i) {
                    const std::size_t which = (i + t) % places;
                    found[t][which] = &memory.of(all[which]);
                }
            });
        crew.clear();
        for (std::size_t i = 0; i < places; ++i) {
            CHECK(found[0][i] == found[1][i]);
            CHECK(found[0][i] == found[2][i]);
            CHECK(found[0][i] != found[0][(i + 1) % places]);
        }
    }
}

TEST_CASE("functions and pointers to them have memories, objects their site's",
          "[runtime][engine]") {
    const function pointer = &number<0>;
    function variable = &number<1>;
    CHECK(&memory_for<site>(pointer) == &memory_for<site>(number<0>));
    CHECK(&memory_for<site>(variable) != &memory_for<site>(pointer));
    CHECK(&memory_for<site>(pointer) != &memory_for<other_site>(pointer));
    const auto object = [] { return 0; };
    CHECK(&memory_for<site>(object) == &memory_of<site>);
}
