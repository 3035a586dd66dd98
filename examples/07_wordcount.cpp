// SPDX-License-Identifier: Apache-2.0
//
// The most frequent words of texts: lower-cased, letters only, common words left out. Without a
// file, of a text that follows Zipf's law as English does.

#include <parmap/parmap.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <ranges>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using word_counts = std::unordered_map<std::string_view, std::size_t>;

constexpr std::array<std::string_view, 16> common{"the", "of", "and", "a",   "in", "to",
                                                  "is",  "it", "was", "for", "as", "on",
                                                  "be",  "at", "by",  "he"};

bool is_letter(char c) {
    return c >= 'a' && c <= 'z';
}

// A piece of a text, lower-cased in place, as the words in it.
std::vector<std::string_view> words_of(std::string& text, std::size_t begin, std::size_t end) {
    std::vector<std::string_view> words;
    std::size_t start = begin;
    for (std::size_t i = begin; i <= end; ++i) {
        if (i != end && text[i] >= 'A' && text[i] <= 'Z')
            text[i] = static_cast<char>(text[i] - 'A' + 'a');
        if (i != end && is_letter(text[i]))
            continue;
        if (i != start) {
            const std::string_view word(&text[start], i - start);
            if (std::find(common.begin(), common.end(), word) == common.end())
                words.push_back(word);
        }
        start = i + 1;
    }
    return words;
}

// Where to cut a text into pieces of about a megabyte: between words.
std::vector<std::pair<std::size_t, std::size_t>> pieces_of(const std::string& text) {
    std::vector<std::pair<std::size_t, std::size_t>> pieces;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end =
            text.find_first_of(" \n\t", std::min(begin + 1'000'000, text.size()));
        pieces.emplace_back(begin, std::min(end, text.size()));
        begin = pieces.back().second + 1;
    }
    return pieces;
}

// As one would write it without parmap.
word_counts count_in_a_loop(std::string& text) {
    word_counts counts;
    for (const std::string_view word : words_of(text, 0, text.size()))
        ++counts[word];
    return counts;
}

word_counts count_in_parallel(std::string& text) {
    const auto words =
        parmap::parallel_map(pieces_of(text), [&](std::size_t begin, std::size_t end) {
            return words_of(text, begin, end);
        });
    const auto places = parmap::exclusive_scan(
        words | std::views::transform([](const auto& piece) { return piece.size(); }),
        std::size_t{0}, std::plus<>());
    std::vector<std::string_view> all(words.empty() ? 0 : places.back() + words.back().size());
    parmap::parallel_for_each(parmap::zip(words, places), [&](const auto& piece, std::size_t at) {
        std::copy(piece.begin(), piece.end(), all.begin() + static_cast<std::ptrdiff_t>(at));
    });
    return parmap::count_by(all, [](std::string_view word) { return word; });
}

std::string zipf_text(std::size_t bytes) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> uniform(0, std::log(100'000));
    std::string text;
    while (text.size() < bytes) {
        auto rank = static_cast<std::size_t>(std::exp(uniform(random)));
        for (; rank != 0; rank /= 21)
            text += "etaoinshrdlucmwfgypbv"[rank % 21];
        text += ' ';
    }
    return text;
}

std::string read(const char* name) {
    std::ifstream file(name, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) {
        std::fprintf(stderr, "07_wordcount: cannot read '%s'\n", name);
        std::exit(2);
    }
    return text + "\n";
}

std::string text_of(int argc, char** argv) {
    const std::string_view first = argc > 1 ? argv[1] : "";
    std::size_t megabytes = 100;
    if (first == "--megabytes") {
        const std::string_view size = argc == 3 ? argv[2] : "";
        const auto [end, error] =
            std::from_chars(size.data(), size.data() + size.size(), megabytes);
        if (error != std::errc{} || end != size.data() + size.size() || megabytes - 1 >= 10'000) {
            std::fprintf(stderr, "07_wordcount: --megabytes takes one number, 1 to 10000\n");
            std::exit(2);
        }
    } else if (argc > 1) {
        std::string text;
        for (int i = 1; i != argc; ++i)
            text += read(argv[i]);
        return text;
    }
    return zipf_text(megabytes * 1'000'000);
}

word_counts timed(word_counts (*count)(std::string&), std::string& text, double& seconds) {
    const auto start = std::chrono::steady_clock::now();
    word_counts counts = count(text);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return counts;
}

} // namespace

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "--help") {
        std::puts("usage: 07_wordcount [FILE... | --megabytes N]   (default: 100 MB made up)");
        return 0;
    }
    const std::string text = text_of(argc, argv);
    double serial = 0, parallel = 0;
    std::string first = text, second = text;
    const word_counts expected = timed(count_in_a_loop, first, serial);
    const word_counts counts = timed(count_in_parallel, second, parallel);
    const std::vector<std::pair<std::string_view, std::size_t>> words(counts.begin(), counts.end());
    const auto more_frequent = [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    };
    for (const auto& [word, count] : parmap::top_k(words, 10, more_frequent))
        std::printf("%10zu  %.*s\n", count, static_cast<int>(word.size()), word.data());
    std::printf("%zu different words; serial %.3f s, parallel %.3f s: %.2fx\n", counts.size(),
                serial, parallel, serial / parallel);
    return counts == expected ? 0 : 1;
}
