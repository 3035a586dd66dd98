// SPDX-License-Identifier: Apache-2.0
//
// grep over a stream: lines of a file, or of standard input, are read on one thread while others
// look for the patterns; matching lines come out in order, and each pattern is counted, in one pass
// and with a window of lines in memory, however long the input is.

#include <parmap/parmap.hpp>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr const char* usage = "usage: 10_stream_grep [-i] PATTERN... FILE   (FILE may be -)";

struct question {
    bool any_case = false;
    std::vector<std::string> patterns;
    std::string file;
};

// Lines of a stream, one at a time.
struct line : std::string {
    friend std::istream& operator>>(std::istream& in, line& read) { return std::getline(in, read); }
};

// A line, and which patterns are in it.
struct answer {
    std::string text;
    std::vector<bool> has;
};

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool parse(int argc, char** argv, question& asked) {
    std::vector<std::string> words(argv + 1, argv + argc);
    if (!words.empty() && words.front() == "-i") {
        asked.any_case = true;
        words.erase(words.begin());
    }
    if (words.size() < 2 || words.front().starts_with("-"))
        return false;
    asked.file = words.back();
    words.pop_back();
    if (asked.any_case)
        std::ranges::transform(words, words.begin(), lower);
    asked.patterns = std::move(words);
    return true;
}

int search(const question& asked, std::istream& in) {
    const auto look = [&asked](line read) {
        const std::string text = asked.any_case ? lower(read) : std::string();
        const std::string& searched = asked.any_case ? text : read;
        answer found{{}, std::vector<bool>(asked.patterns.size())};
        for (std::size_t i = 0; i != asked.patterns.size(); ++i)
            found.has[i] = searched.find(asked.patterns[i]) != std::string::npos;
        found.text = std::move(read);
        return found;
    };
    std::size_t lines = 0;
    std::vector<std::size_t> counts(asked.patterns.size());
    for (const answer& found : parmap::imap(std::views::istream<line>(in), look)) {
        ++lines;
        for (std::size_t i = 0; i != counts.size(); ++i)
            counts[i] += found.has[i] ? 1 : 0;
        if (std::ranges::find(found.has, true) != found.has.end())
            std::printf("%s\n", found.text.c_str());
    }
    std::fflush(stdout);
    for (std::size_t i = 0; i != counts.size(); ++i)
        std::fprintf(stderr, "%s: %zu of %zu lines\n", asked.patterns[i].c_str(), counts[i], lines);
    return std::ranges::any_of(counts, [](std::size_t n) { return n != 0; }) ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 2 && std::string_view(argv[1]) == "--help") {
        std::puts(usage);
        return 0;
    }
    question asked;
    if (!parse(argc, argv, asked)) {
        std::fprintf(stderr, "%s\n", usage);
        return 2;
    }
    try {
        if (asked.file == "-")
            return search(asked, std::cin);
        std::ifstream in(asked.file);
        if (!in) {
            std::fprintf(stderr, "10_stream_grep: cannot read %s\n", asked.file.c_str());
            return 2;
        }
        return search(asked, in);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "10_stream_grep: %s\n", error.what());
        return 2;
    }
}
