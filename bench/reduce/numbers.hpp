// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace reduce {

/// The first n of numbers made once for the whole program: whole ones, so that sums are exact in
/// whatever order they are taken.
std::span<const double> numbers(std::size_t n);

/// In no order, made once: none of 1e7 equals another.
const std::vector<double>& unsorted_numbers(std::size_t n);
const std::vector<std::string>& unsorted_strings(std::size_t n);

} // namespace reduce
