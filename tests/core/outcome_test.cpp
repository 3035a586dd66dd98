// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"

#include <exception>
#include <memory>
#include <parmap/algorithm/try_map.hpp>
#include <parmap/core/outcome.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

template <class T, class F>
parmap::outcome<T> outcome_of(F f) {
    auto all = parmap::parallel_try_map(std::vector<int>{0}, [&](int) { return f(); });
    return std::move(all.front());
}

struct no_default {
    explicit no_default(int v) : value(v) {}
    int value;
};

} // namespace

TEST_CASE("an outcome holds a value", "[core][outcome]") {
    const auto good = outcome_of<std::string>([] { return std::string("value"); });
    CHECK(good.has_value());
    CHECK(good.value() == "value");
    CHECK(good.error() == nullptr);
    STATIC_REQUIRE(std::is_same_v<decltype(good.error()), std::exception_ptr>);
    STATIC_REQUIRE(noexcept(good.has_value()));
}

TEST_CASE("or the exception that its item threw", "[core][outcome]") {
    const auto bad =
        outcome_of<std::string>([]() -> std::string { throw std::out_of_range("here"); });
    CHECK_FALSE(bad.has_value());
    CHECK_THROWS_AS((void)bad.value(), std::out_of_range);
    REQUIRE(bad.error() != nullptr);
    try {
        std::rethrow_exception(bad.error());
    } catch (const std::out_of_range& error) {
        CHECK(std::string(error.what()) == "here");
    }
    // value() may be asked again: it rethrows each time
    CHECK_THROWS_AS((void)bad.value(), std::out_of_range);
}

TEST_CASE("a value can be changed in place and moved out", "[core][outcome]") {
    auto good = outcome_of<std::unique_ptr<int>>([] { return std::make_unique<int>(4); });
    *good.value() = 5;
    const std::unique_ptr<int> taken = std::move(good).value();
    CHECK(*taken == 5);
    CHECK(good.value() == nullptr); // moved from, but still a value
    CHECK(good.has_value());
}

TEST_CASE("an outcome needs neither a default nor a copy", "[core][outcome]") {
    CHECK(outcome_of<no_default>([] { return no_default(3); }).value().value == 3);
    STATIC_REQUIRE(std::is_move_constructible_v<parmap::outcome<std::unique_ptr<int>>>);
    STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<parmap::outcome<std::unique_ptr<int>>>);
    STATIC_REQUIRE(std::is_copy_constructible_v<parmap::outcome<int>>);
}

TEST_CASE("outcomes copy and move as their values do", "[core][outcome]") {
    const auto good = outcome_of<int>([] { return 1; });
    const auto bad = outcome_of<int>([]() -> int { throw item_error(2); });
    auto copy = good;
    CHECK(copy.value() == 1);
    copy = bad;
    CHECK(failing_index([&] { (void)copy.value(); }) == std::size_t{2});
    auto moved = std::move(copy);
    CHECK_FALSE(moved.has_value());
    CHECK(moved.error() == bad.error());
    counts.reset();
    {
        auto first = outcome_of<counted>([] { return counted(1); });
        const auto second = std::move(first);
        CHECK(second.value().value() == 1);
    }
    CHECK(counts.balanced());
}

TEST_CASE("an exception_ptr may itself be a value", "[core][outcome]") {
    const auto held =
        outcome_of<std::exception_ptr>([] { return std::make_exception_ptr(item_error(1)); });
    CHECK(held.has_value());
    CHECK(held.value() != nullptr);
    CHECK(held.error() == nullptr);
}
