// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <array>
#include <list>
#include <parmap/core/concepts.hpp>
#include <span>
#include <sstream>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using numbers = std::vector<int>;
using pairs = std::vector<std::pair<int, std::string>>;

constexpr auto of_int = [](int x) { return x; };
constexpr auto of_string = [](const std::string& x) { return x; };
constexpr auto of_parts = [](int, const std::string& s) { return s; };
constexpr auto of_reference = [](int& x) { ++x; };

template <class F, class Range>
constexpr bool takes = parmap::callable_with_each_element<F, Range>;

} // namespace

TEST_CASE("a callable takes elements whole or in parts", "[core][concepts]") {
    CHECK(takes<decltype(of_int), numbers&>);
    CHECK(takes<decltype(of_reference), numbers&>);
    CHECK(takes<decltype(of_parts), pairs&>);
    CHECK(takes<decltype(of_int)&, std::list<int>>);
    CHECK_FALSE(takes<decltype(of_string), numbers&>);
    CHECK_FALSE(takes<decltype(of_reference), const numbers&>);
    CHECK_FALSE(takes<decltype(of_int), pairs&>);
    CHECK_FALSE(takes<decltype(of_parts), std::vector<std::tuple<int, std::string, int>>&>);
    CHECK_FALSE(takes<decltype(of_int), int>);
}

TEST_CASE("what a single pass gives is held by value", "[core][concepts]") {
    using stream = std::ranges::basic_istream_view<int, char>;
    CHECK(std::is_same_v<parmap::element_t<stream>, int&>);
    CHECK(std::is_same_v<parmap::element_t<numbers&>, int&>);
    CHECK(std::is_same_v<parmap::element_t<const numbers&>, const int&>);
}

TEST_CASE("a result is decayed and is something", "[core][concepts]") {
    const auto refers = [](int& x) -> const int& { return x; };
    CHECK(std::is_same_v<parmap::mapped_t<decltype(refers), numbers&>, int>);
    CHECK(std::is_same_v<parmap::mapped_t<decltype(of_parts), pairs&>, std::string>);
    CHECK(parmap::mapped_to_a_value<decltype(of_int), numbers&>);
    CHECK_FALSE(parmap::mapped_to_a_value<decltype(of_reference), numbers&>);
}

TEST_CASE("an output takes the results", "[core][concepts]") {
    CHECK(parmap::output_of_each_result<std::vector<long>&, decltype(of_int), numbers&>);
    CHECK_FALSE(parmap::output_of_each_result<pairs&, decltype(of_int), numbers&>);
    CHECK_FALSE(parmap::output_of_each_result<const numbers&, decltype(of_int), numbers&>);
    CHECK_FALSE(parmap::output_of_each_result<std::list<int>&, decltype(of_int), numbers&>);
}

TEST_CASE("a block kernel takes spans of contiguous ranges", "[core][concepts]") {
    const auto kernel = [](std::span<const int>, std::span<double>) {};
    using doubles = std::array<double, 4>;
    CHECK(parmap::contiguous_sized_range<numbers>);
    CHECK_FALSE(parmap::contiguous_sized_range<std::list<int>>);
    CHECK(parmap::block_kernel<decltype(kernel), const numbers&, doubles&>);
    CHECK_FALSE(parmap::block_kernel<decltype(kernel), doubles&, numbers&>);
    CHECK_FALSE(parmap::block_kernel<decltype(of_int), numbers&, doubles&>);
}
