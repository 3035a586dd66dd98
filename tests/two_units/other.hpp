// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

/// The squares of `numbers`, from a translation unit built with other flags.
std::vector<int> squares_from_the_other_unit(const std::vector<int>& numbers);

/// exp(x) * sinh(x) of each, from a translation unit built with other flags.
std::vector<double> exp_sinh_from_the_other_unit(const std::vector<double>& numbers);

/// sinh(x) of each, from a translation unit built with other flags.
std::vector<float> sinh_from_the_other_unit(const std::vector<float>& numbers);

/// The address of the default pool, as the other unit sees it.
const void* pool_of_the_other_unit();
