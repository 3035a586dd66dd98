// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace irregular {

/// How the work is spread over the items of a map.
struct distribution {
    std::string name;
    std::vector<unsigned> steps; // of each item
};

/// A thousand items each, `total_steps` in all:
/// - pareto: alpha = 1.1, no item more than 3.9 % of the whole, in no order;
/// - first_half: the first half of the items cost ten times the others;
/// - last_item: all cost the same, but the last one is 23 % of the whole.
std::vector<distribution> distributions(double total_steps);

/// The least time that the work can take on so many threads, as a share of the loop's.
double ideal_share(const std::vector<unsigned>& steps, double threads);

} // namespace irregular
