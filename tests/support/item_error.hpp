// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace parmap_test {

/// What a test's item throws: it knows its index, so that a test knows whose error came out.
struct item_error : std::runtime_error {
    explicit item_error(std::size_t i)
        : std::runtime_error("item " + std::to_string(i)), index(i) {}
    std::size_t index;
};

/// The index of the item_error that call() lets out, or nothing if it returns. Catching by the
/// exact type is the point: a wrapped or sliced exception passes through and fails the test.
template <class Call>
std::optional<std::size_t> failing_index(Call call) {
    try {
        std::forward<Call>(call)();
    } catch (const item_error& error) {
        return error.index;
    }
    return std::nullopt;
}

} // namespace parmap_test
