// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace house {
namespace {

std::string read(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

bool is_source(const std::filesystem::path& file) {
    const auto extension = file.extension();
    return extension == ".hpp" || extension == ".inc" || extension == ".cpp";
}

} // namespace

tree load(const std::filesystem::path& top) {
    tree files;
    for (const char* folder : {"include", "tests", "examples", "bench"}) {
        if (!std::filesystem::is_directory(top / folder)) {
            continue;
        }
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top / folder)) {
            if (entry.is_regular_file() && is_source(entry.path())) {
                files[entry.path().lexically_relative(top).generic_string()] = read(entry.path());
            }
        }
    }
    if (std::filesystem::exists(top / "README.md")) {
        files["README.md"] = read(top / "README.md");
    }
    return files;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

// Strings that hold comment marks are taken for comments: no include or macro hides in one.
std::string without_comments(const std::string& text) {
    std::string code;
    for (std::size_t at = 0; at < text.size();) {
        if (text.compare(at, 2, "//") == 0) {
            at = std::min(text.find('\n', at), text.size());
        } else if (text.compare(at, 2, "/*") == 0) {
            const auto end = text.find("*/", at + 2);
            at = end == std::string::npos ? text.size() : end + 2;
        } else {
            code += text[at++];
        }
    }
    return code;
}

} // namespace house
