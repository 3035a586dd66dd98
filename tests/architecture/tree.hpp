// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace house {

/// The text of each source file, by its path below the top, as in `include/parmap/core/grid.hpp`.
using tree = std::map<std::string, std::string>;

/// Reads the sources below include, tests, examples and bench, and the README.
tree load(const std::filesystem::path& top);

std::vector<std::string> lines_of(const std::string& text);

/// `text` without its comments; line breaks stay.
std::string without_comments(const std::string& text);

} // namespace house
