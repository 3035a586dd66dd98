// SPDX-License-Identifier: Apache-2.0
#include "include_graph.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

namespace house {
namespace {

struct walk {
    const tree& files;
    includes written;
    std::vector<std::string> path;
    std::set<std::string> finished;
    std::vector<std::string> found;

    void visit(const std::string& file) {
        const auto seen = std::find(path.begin(), path.end(), file);
        if (seen != path.end()) {
            report(seen, path.end());
        } else if (files.contains(file) && !finished.contains(file)) {
            path.push_back(file);
            for (const auto& included : written[file]) {
                visit(resolve(file, included));
            }
            path.pop_back();
            finished.insert(file);
        }
    }

    // Told from its first file on, by name, wherever the walk met it.
    void report(std::vector<std::string>::const_iterator from,
                std::vector<std::string>::const_iterator to) {
        std::vector<std::string> circle(from, to);
        std::ranges::rotate(circle, std::ranges::min_element(circle));
        std::string told;
        for (const auto& file : circle) {
            told += file + " > ";
        }
        found.push_back(told + circle.front());
    }
};

} // namespace

includes includes_of(const tree& files) {
    static const std::regex form(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"].*)");
    includes result;
    for (const auto& [file, text] : files) {
        auto& list = result[file];
        std::smatch match;
        for (const auto& line : lines_of(without_comments(text))) {
            if (line.find('#') != std::string::npos && std::regex_match(line, match, form)) {
                list.push_back(match[1]);
            }
        }
    }
    return result;
}

std::string resolve(const std::string& file, const std::string& included) {
    if (included.starts_with("parmap/")) {
        return "include/" + included;
    }
    if (!file.starts_with("include/")) {
        return "";
    }
    // A header may also be named by its place beside the one that includes it.
    const auto beside = std::filesystem::path(file).parent_path() / included;
    const auto path = beside.lexically_normal().generic_string();
    return included.ends_with(".hpp") || included.ends_with(".inc") ? path : "";
}

std::vector<std::string> cycles(const tree& files) {
    walk all{files, includes_of(files), {}, {}, {}};
    for (const auto& [file, text] : files) {
        all.visit(file);
    }
    return all.found;
}

} // namespace house
