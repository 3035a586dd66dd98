// SPDX-License-Identifier: Apache-2.0
#include "support/failing_pieces.hpp"

#include <cstddef>
#include <functional>
#include <parmap/parmap.hpp>

using namespace parmap_test;

// Keyed verbs whose keys are hashed, compared, copied and combined by functions that throw.

namespace {

/// A key that is told from another without fail, and hashed with one.
struct plain_key {
    std::size_t number, element;
    friend bool operator==(const plain_key& a, const plain_key& b) noexcept {
        return a.number == b.number;
    }
};

} // namespace

template <>
struct std::hash<piece> {
    std::size_t operator()(const piece& key) const {
        fail_at(fails.hash, 4, key.element);
        return key.number % 4; // so that keys which differ are compared
    }
};

template <>
struct std::hash<plain_key> {
    std::size_t operator()(const plain_key& key) const {
        fail_at(fails.hash, 4, key.element);
        return key.number;
    }
};

namespace {

struct tenth {
    piece operator()(const piece& element) const {
        fail_at(fails.key, 3, element.element);
        return {element.number % 10, element.element};
    }
};

struct plain_tenth {
    plain_key operator()(const piece& element) const {
        fail_at(fails.key, 3, element.element);
        return {element.number % 10, element.element};
    }
};

/// The element as its own key, to be copied.
struct itself {
    const piece& operator()(const piece& element) const {
        fail_at(fails.key, 3, element.element);
        return element;
    }
};

struct value {
    piece operator()(const piece& element) const {
        fail_at(fails.value, 8, element.element);
        return {element.number, element.element};
    }
};

template <class Key>
struct counting {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::count_by(range, Key(), how);
    }
};

struct grouping {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::group_by(range, tenth(), how);
    }
};

struct reducing {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::reduce_by(range, tenth(), value(), piece(0, 999), sum_of, how);
    }
};

} // namespace

TEST_CASE("keyed verbs fail the same way everywhere", "[fault][keyed]") {
    require_same_failures("count_by", counting<tenth>());
    require_same_failures("count_by, key copied", counting<itself>());
    require_same_failures("count_by, key compared without fail", counting<plain_tenth>());
    require_same_failures("group_by", grouping());
    require_same_failures("reduce_by", reducing());
}

TEST_CASE("in keyed verbs what a lower element throws comes first", "[fault][keyed]") {
    const failing compared{.key = {50}, .pair = {20}};
    require_failure("count_by", 120, compared, code_of(5, 20), counting<tenth>());
    require_failure("group_by", 120, compared, code_of(5, 20), grouping());
    require_failure("reduce_by", 120, compared, code_of(5, 20), reducing());
    const failing folded{.value = {50}, .step = {43}}; // across blocks
    require_failure("reduce_by", 120, folded, code_of(7, 43), reducing());
    const failing made{.value = {50}, .step = {60}};
    require_failure("reduce_by", 120, made, code_of(8, 50), reducing());
}
