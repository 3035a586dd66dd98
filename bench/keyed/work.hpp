// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace keyed {

/// An element whose key and value are to be found in it.
struct sale {
    std::uint32_t customer;
    std::uint32_t price;
    friend bool operator==(const sale&, const sale&) = default;
};

template <class K>
using counts = std::unordered_map<K, std::size_t>;
using totals = std::unordered_map<std::uint32_t, double>;
using groups = std::unordered_map<std::uint32_t, std::vector<sale>>;

/// The words, in their order, of a text of so many bytes in which they are as frequent as in
/// English: a word's frequency falls as its rank.
const std::vector<std::string_view>& words(std::size_t bytes);

/// Numbers as frequent as words, of a hundred thousand that lie anywhere.
const std::vector<std::uint64_t>& skewed(std::size_t n);

/// Numbers none of which comes twice: anywhere, and 0, 1, 2, ...
const std::vector<std::uint64_t>& scattered(std::size_t n);
const std::vector<std::uint64_t>& counted_up(std::size_t n);

/// Ten thousand customers buy evenly.
const std::vector<sale>& sales(std::size_t n);

} // namespace keyed
