// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tree.hpp"

#include <string>
#include <vector>

namespace house {

/// What in the tree breaks the rules of the house, each as "file: what is wrong", sorted.
std::vector<std::string> violations(const tree& files);

} // namespace house
