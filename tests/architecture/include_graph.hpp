// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tree.hpp"

#include <map>
#include <string>
#include <vector>

namespace house {

/// What each file of a tree includes, as written between the brackets or quotes.
using includes = std::map<std::string, std::vector<std::string>>;

includes includes_of(const tree& files);

/// The file of the tree that `file` means by `included`; "" if that is none of the library's.
std::string resolve(const std::string& file, const std::string& included);

/// Every circle of includes, as "a > b > a".
std::vector<std::string> cycles(const tree& files);

} // namespace house
