// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/counted.hpp"
#include "support/one_pass.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <numeric>
#include <parmap/parmap.hpp>
#include <span>
#include <vector>

namespace parmap_test {

/// What a test does for item i; it may throw.
using item_body = std::function<void(std::size_t)>;

/// A verb over 0 .. n-1, reduced to what all have in common.
struct verb {
    const char* name;
    bool whole_blocks; ///< one call of the callable spans many items
    bool sized;        ///< the number of items is known before the last one is read
    std::function<void(std::size_t n, const item_body&, const parmap::options&)> run;
};

namespace verbs {

inline std::vector<std::size_t> first_numbers(std::size_t n) {
    std::vector<std::size_t> numbers(n);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
}

inline counted made(const item_body& item, std::size_t i) {
    counted result(static_cast<long>(i));
    item(i);
    return result;
}

inline void map(std::size_t n, const item_body& item, const parmap::options& how) {
    const auto results =
        parmap::parallel_map(first_numbers(n), [&](std::size_t i) { return made(item, i); }, how);
}

inline void map_into(std::size_t n, const item_body& item, const parmap::options& how) {
    auto numbers = first_numbers(n);
    const auto negated = [&](std::size_t i) {
        item(i);
        return ~i;
    };
    parmap::parallel_map_into(numbers, numbers, negated, how);
}

inline void for_each(std::size_t n, const item_body& item, const parmap::options& how) {
    parmap::parallel_for_each(parmap::indices(n), item, how);
}

inline void map_of_list(std::size_t n, const item_body& item, const parmap::options& how) {
    const auto numbers = first_numbers(n);
    const std::list<std::size_t> list(numbers.begin(), numbers.end());
    const auto results =
        parmap::parallel_map(list, [&](std::size_t i) { return made(item, i); }, how);
}

inline void for_each_of_stream(std::size_t n, const item_body& item, const parmap::options& how) {
    parmap::parallel_for_each(one_pass(n, [](std::size_t i) { return i; }), item, how);
}

inline void map_blocks(std::size_t n, const item_body& item, const parmap::options& how) {
    const auto numbers = first_numbers(n);
    std::vector<std::size_t> out(n);
    const auto block = [&](std::span<const std::size_t> in, std::span<std::size_t> to) {
        for (std::size_t j = 0; j < in.size(); ++j) {
            item(in[j]);
            to[j] = in[j];
        }
    };
    parmap::parallel_map_blocks(numbers, out, block, how);
}

} // namespace verbs

inline const std::vector<verb>& every_verb() {
    static const std::vector<verb> all{
        {"parallel_map", false, true, verbs::map},
        {"parallel_map_into", false, true, verbs::map_into},
        {"parallel_for_each", false, true, verbs::for_each},
        {"parallel_map of a list", false, true, verbs::map_of_list},
        {"parallel_for_each of a stream", false, false, verbs::for_each_of_stream},
        {"parallel_map_blocks", true, true, verbs::map_blocks},
    };
    return all;
}

} // namespace parmap_test
