// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"

#include <parmap/parmap.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>

namespace showdown {
namespace {

constexpr std::size_t most_threads = 4096; // of parmap::pool
constexpr std::size_t most_repeats = 1000;
constexpr std::size_t most_items = std::size_t{1} << 48; // beyond any machine's memory

std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) { // a line break in an argument must not break the one line
        result += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    }
    return result + "'";
}

std::size_t parse_count(std::string_view option, std::string_view text, std::size_t most) {
    std::size_t value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    const bool a_number = !text.empty() && stopped == end && error != std::errc::invalid_argument;
    if (!a_number || value == 0) {
        if (a_number && error == std::errc::result_out_of_range) {
            throw refusal(std::string(option) + ": " + quoted(text) + " is more than " +
                          std::to_string(most));
        }
        throw refusal(std::string(option) + " takes a whole number of at least 1, not " +
                      quoted(text));
    }
    if (value > most || error == std::errc::result_out_of_range) {
        throw refusal(std::string(option) + ": " + quoted(text) + " is more than " +
                      std::to_string(most));
    }
    return value;
}

std::vector<std::size_t> parse_threads(std::string_view text) {
    std::vector<std::size_t> threads;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto comma = std::min(text.find(',', begin), text.size());
        const auto count =
            parse_count("--threads", text.substr(begin, comma - begin), most_threads);
        if (std::ranges::find(threads, count) != threads.end()) {
            throw refusal("--threads names " + std::to_string(count) + " twice in " + quoted(text));
        }
        threads.push_back(count);
        begin = comma + 1;
    }
    std::ranges::sort(threads);
    return threads;
}

std::string parse_path(std::string_view option, std::string_view text) {
    if (text.empty()) {
        throw refusal(std::string(option) + " takes the name of a file, not ''");
    }
    return std::string(text);
}

void assign(config& c, std::string_view option, std::string_view value) {
    if (option == "--size") {
        c.size = parse_count(option, value, most_items);
    } else if (option == "--inputs") {
        c.inputs = parse_count(option, value, most_items);
    } else if (option == "--repeat") {
        c.repeat = parse_count(option, value, most_repeats);
    } else if (option == "--threads") {
        c.threads = parse_threads(value);
    } else if (option == "--json") {
        c.json = parse_path(option, value);
    } else {
        c.svg = parse_path(option, value);
    }
}

bool takes_value(std::string_view option) {
    constexpr std::array known{"--size", "--inputs", "--repeat", "--threads", "--json", "--svg"};
    return std::ranges::find(known, option) != known.end();
}

struct argument {
    std::string_view option;
    std::optional<std::string_view> value; // of `--option=value`
};

argument split(std::string_view text) {
    const auto equals = text.find('=');
    if (!text.starts_with("--") || equals == std::string_view::npos) {
        return {text, std::nullopt};
    }
    return {text.substr(0, equals), text.substr(equals + 1)};
}

} // namespace

config parse_arguments(int argc, const char* const* argv) {
    config c;
    std::set<std::string_view> seen;
    for (int i = 1; i < argc; ++i) {
        auto [option, value] = split(argv[i]);
        const bool a_switch = option == "--help" || option == "--python";
        if (!a_switch && !takes_value(option)) {
            throw refusal("unknown argument " + quoted(argv[i]) + "; --help lists what there is");
        }
        if (!seen.insert(option).second) {
            throw refusal(std::string(option) + " is given twice");
        }
        if (a_switch) {
            if (value) {
                throw refusal(std::string(option) + " takes no value");
            }
            (option == "--help" ? c.help : c.python) = true;
            continue;
        }
        if (!value && i + 1 == argc) {
            throw refusal(std::string(option) + " needs a value after it");
        }
        assign(c, option, value ? *value : std::string_view(argv[++i]));
    }
    if (c.threads.empty() && !c.help) {
        c.threads = {parmap::available_concurrency()};
    }
    return c;
}

std::string help_text() {
    return R"(showdown: what parmap makes of one job, y = exp(x) * sinh(x), beside the serial loop

usage: showdown [options]

  --size N          doubles in one input                          (default 10000000)
  --inputs N        how many inputs the job has                   (default 10)
  --repeat N        interleaved repetitions, of which the median  (default 5)
  --threads A,B,C   pool sizes to compare                         (default: what this machine gives)
  --json FILE       write every figure as JSON
  --svg FILE        write a picture of the speed-ups
  --python          run the same job in CPython too: lists, NumPy, process pools, ipyparallel, Ray
  --help            this text

Rows
  serial                   a loop that calls the C library's exp and sinh for each element
  pooled                   parallel_for_each over the inputs, parallel_map_into inside each
  vectorised               simd::exp_sinh on one thread
  pooled_vectorised        parallel_for_each over the inputs, parallel_map_blocks inside each
  pooled_vectorised_fresh  the same, but every run makes new result vectors (not freed in its time)

Every other row writes into buffers that are reused. A warm-up run comes first; there every row's
checksum must agree with serial's to 1e-12. The job runs on inputs of ones and on uniform [-5, 5].

Exit status: 0 done, 1 a checksum differs or a file could not be written, 2 refused beforehand.
)";
}

} // namespace showdown
