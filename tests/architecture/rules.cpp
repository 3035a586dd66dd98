// SPDX-License-Identifier: Apache-2.0
#include "rules.hpp"

#include "include_graph.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <string_view>

namespace house {
namespace {

constexpr std::array<std::string_view, 7> layers = {
    "core", "simd", "runtime", "observe", "algorithm", "async", "stream"}; // from the ground up
constexpr std::size_t top_layer = layers.size();
constexpr std::string_view library = "include/parmap/";
constexpr std::string_view version_header = "include/parmap/version.hpp";
constexpr std::string_view macro_header = "include/parmap/core/config.hpp";
constexpr std::string_view backend_header = "include/parmap/runtime/detail/tbb_backend.hpp";
constexpr std::size_t most_macros = 10;

using findings = std::vector<std::string>;

void report(findings& found, const std::string& file, const std::string& what) {
    found.push_back(file + ": " + what);
}

bool is_header(std::string_view file) {
    return file.starts_with(library);
}

// Text that several headers include in turn, so that it guards against nothing.
bool is_fragment(std::string_view file) {
    return file.ends_with(".inc");
}

bool is_private(std::string_view file) {
    return file.find("/detail/") != file.npos;
}

bool is_umbrella(std::string_view file) {
    return is_header(file) && file != version_header &&
           file.substr(library.size()).find('/') == file.npos;
}

std::string_view folder_of(std::string_view file, std::string_view root) {
    const auto rest = file.substr(root.size());
    return rest.substr(0, rest.find('/'));
}

// The version number lies below everything; what stands beside it, above everything.
std::size_t layer_of(std::string_view file) {
    if (file == version_header) {
        return 0;
    }
    const auto place = std::find(layers.begin(), layers.end(), folder_of(file, library));
    return static_cast<std::size_t>(place - layers.begin());
}

void check_include(findings& found, const tree& files, const std::string& file,
                   const std::string& included) {
    static const std::regex tbb(R"(^(oneapi/)?tbb(/|\.h).*)");
    if (std::regex_match(included, tbb) && is_header(file) && file != backend_header) {
        report(found, file, "includes oneTBB, which only runtime/detail/tbb_backend.hpp may");
    }
    const auto target = resolve(file, included);
    if (target.empty()) {
        return;
    }
    const bool user = file == "README.md" || file.starts_with("examples/") ||
                      file.starts_with("bench/") || is_umbrella(file);
    if (user && is_private(target)) {
        report(found, file, "includes the private " + included);
    }
    if (!files.contains(target)) {
        report(found, file, "includes " + included + ", which is not there");
    } else if (is_header(file) && layer_of(file) < layer_of(target)) {
        report(found, file, "includes upwards, " + included);
    }
}

void check_includes(findings& found, const tree& files) {
    for (const auto& [file, list] : includes_of(files)) {
        for (const auto& included : list) {
            check_include(found, files, file, included);
        }
    }
    for (const auto& circle : cycles(files)) {
        report(found, circle.substr(0, circle.find(' ')), "includes itself, " + circle);
    }
}

void check_macros(findings& found, const std::string& file, const std::string& code) {
    static const std::regex form(R"(^\s*#\s*define\s+(\w+).*)");
    std::size_t macros = 0;
    std::smatch match;
    for (const auto& line : lines_of(code)) {
        if (line.find('#') == line.npos || !std::regex_match(line, match, form)) {
            continue;
        }
        ++macros;
        if (file != macro_header) {
            report(found, file, "defines " + match[1].str() + " outside core/config.hpp");
        } else if (!match[1].str().starts_with("PARMAP_")) {
            report(found, file, "defines " + match[1].str() + " without PARMAP_ in front");
        }
    }
    if (macros > most_macros) {
        report(found, file, "has more than ten macros, " + std::to_string(macros));
    }
}

void check_umbrella(findings& found, const std::string& file, const std::string& code) {
    static const std::regex allowed(R"(\s*|#pragma once\s*|#include [<"][^>"]+[>"]\s*)");
    for (const auto& line : lines_of(code)) {
        if (!std::regex_match(line, allowed)) {
            report(found, file, "is an umbrella that holds code: " + line);
        }
    }
}

void check_header(findings& found, const std::string& file, const std::string& text) {
    const auto code = without_comments(text);
    if (!is_fragment(file) && code.find("#pragma once\n") == code.npos) {
        report(found, file, "has no #pragma once");
    }
    if (!is_umbrella(file) && file != version_header && layer_of(file) == top_layer) {
        report(found, file, "stands in no layer");
    }
    check_macros(found, file, code);
    if (is_umbrella(file)) {
        check_umbrella(found, file, code);
    }
}

// include/parmap/core/grid.hpp is mirrored by tests/core/grid_test.cpp.
std::string test_of(std::string_view header) {
    const auto place = header.substr(library.size());
    return "tests/" + std::string(place.substr(0, place.rfind(".hpp"))) + "_test.cpp";
}

void check_has_test(findings& found, const tree& files, const std::string& header) {
    const bool due = !is_private(header) && !is_fragment(header) && !is_umbrella(header) &&
                     header != version_header;
    if (due && !files.contains(test_of(header))) {
        report(found, header, "has no test, " + test_of(header));
    }
}

// A private header's test may stand in the layer's folder, without its detail/, and a header's
// tests may be several files, one a topic: map_errors_test.cpp is a test of map.hpp.
bool mirrors(const std::string& test, const std::string& header) {
    auto place = test_of(header);
    if (const auto detail = place.find("/detail/"); detail != place.npos && !is_private(test)) {
        place.erase(detail, std::string_view("/detail").size());
    }
    const auto topics = place.substr(0, place.rfind("test.cpp"));
    return test == place || test.starts_with(topics);
}

void check_mirrors(findings& found, const tree& files, const std::string& test) {
    const auto layer = folder_of(test, "tests/");
    if (!test.ends_with("_test.cpp") || std::ranges::find(layers, layer) == layers.end()) {
        return;
    }
    const auto mirrored = [&](const auto& entry) {
        return is_header(entry.first) && mirrors(test, entry.first);
    };
    if (std::ranges::none_of(files, mirrored)) {
        report(found, test, "mirrors no header");
    }
}

void check_licence(findings& found, const std::string& file, const std::string& text) {
    if (file != "README.md" && !text.starts_with("// SPDX-License-Identifier: Apache-2.0\n")) {
        report(found, file, "does not start with its SPDX line");
    }
}

} // namespace

std::vector<std::string> violations(const tree& files) {
    findings found;
    check_includes(found, files);
    for (const auto& [file, text] : files) {
        check_licence(found, file, text);
        if (is_header(file)) {
            check_header(found, file, text);
            check_has_test(found, files, file);
        } else if (file.starts_with("tests/")) {
            check_mirrors(found, files, file);
        }
    }
    std::ranges::sort(found);
    return found;
}

} // namespace house
