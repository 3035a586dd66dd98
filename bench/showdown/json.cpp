// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace showdown {
namespace {

std::string text(const std::string& value) {
    std::string result = "\"";
    for (const char c : value) {
        const auto code = static_cast<unsigned>(static_cast<unsigned char>(c));
        if (c == '"' || c == '\\') {
            result += '\\';
            result += c;
        } else if (code < 0x20) {
            std::array<char, 8> escape;
            std::snprintf(escape.data(), escape.size(), "\\u%04x", code);
            result += escape.data();
        } else {
            result += c;
        }
    }
    return result + '"';
}

// The shortest digits that read back as the same double, in any locale.
std::string number(double value) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
}

std::string list(const std::vector<std::string>& values) {
    std::string result;
    for (const auto& value : values) {
        result += (result.empty() ? "" : ", ") + text(value);
    }
    return "[" + result + "]";
}

// A row has no room for what must be said about it; the machine has.
std::vector<std::string> all_notes(const results& r) {
    std::vector<std::string> notes = r.notes;
    for (const auto& one : r.rows) {
        if (!one.note.empty()) {
            notes.push_back(one.name + ", " + name_of(one.input) + ": " + one.note);
        }
    }
    return notes;
}

std::string object(const machine& m, const results& r) {
    return "{\n    \"cpu\": " + text(m.cpu) + ",\n    \"cores\": " + std::to_string(m.cores) +
           ",\n    \"compiler\": " + text(m.compiler) + ",\n    \"flags\": " + text(m.flags) +
           ",\n    \"isa\": " + text(m.isa) +
           ",\n    \"scale_gbytes_per_s\": " + number(r.scale_gbytes_per_s) +
           ",\n    \"scale_threads\": " + std::to_string(r.scale_threads) +
           ",\n    \"date\": " + text(m.date) + ",\n    \"notes\": " + list(all_notes(r)) + "\n  }";
}

std::string object(const row& r) {
    return "    {\"name\": " + text(r.name) + ", \"input\": " + text(name_of(r.input)) +
           ", \"threads\": " + std::to_string(r.threads) + ", \"seconds\": " + number(r.seconds) +
           ", \"speedup\": " + number(r.speedup) +
           ", \"ns_per_element\": " + number(r.ns_per_element) +
           ", \"gbytes_per_s\": " + number(r.gbytes_per_s) +
           ", \"checksum\": " + number(r.checksum) + "}";
}

} // namespace

std::string as_json(const config& c, const machine& m, const results& r) {
    std::string rows;
    for (const auto& one : r.rows) {
        rows += (rows.empty() ? "" : ",\n") + object(one);
    }
    return "{\n  \"machine\": " + object(m, r) + ",\n  \"size\": " + std::to_string(c.size) +
           ",\n  \"inputs\": " + std::to_string(c.inputs) + ",\n  \"rows\": [\n" + rows +
           "\n  ]\n}\n";
}

} // namespace showdown
