// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace showdown {

/// What the command line asks for; every field is checked before any work begins.
struct config {
    std::size_t size = 10'000'000; // doubles in one input
    std::size_t inputs = 10;
    std::size_t repeat = 5;
    std::vector<std::size_t> threads; // never empty once parsed
    std::string json;                 // empty: not written
    std::string svg;                  // empty: not written
    bool python = false;
    bool help = false;
};

/// The two kinds of input: the ones of the job's origin, and a spread that no branch can guess.
enum class kind : std::uint8_t { ones, uniform };

inline constexpr std::array kinds{kind::ones, kind::uniform};

constexpr const char* name_of(kind k) {
    return k == kind::ones ? "ones" : "uniform";
}

constexpr const char* title_of(kind k) {
    return k == kind::ones ? "every input is 1.0" : "inputs uniform in [-5, 5]";
}

/// One element is read and one is written.
inline constexpr double bytes_per_element = 16.0;

/// How far, relatively, two rows' checksums may lie apart.
inline constexpr double checksum_tolerance = 1e-12;

} // namespace showdown
