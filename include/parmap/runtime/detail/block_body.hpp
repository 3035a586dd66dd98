// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/runtime/detail/partition.hpp>

#include <cstddef>
#include <exception>

namespace parmap::detail {

/// What a verb does to a run of items.
///
/// `run(items, at, watch)` runs them in order until one throws or `watch()` says to stop, and sets
/// `at` to the first that has not run to its end. `discard(items)` destroys the results of items
/// that have run.
template <class Body>
concept body_of_items = requires(Body& body, interval items, std::size_t& at, no_watch watch) {
    body.run(items, at, watch);
    { body.discard(items) } noexcept;
};

/// A body that gives items which did not run a result of their own, in place of an exception
/// leaving the call: `fill(items, why)`.
template <class Body>
concept fills_gaps = requires(Body& body, interval items, const std::exception_ptr& why) {
    { body.fill(items, why) } noexcept;
};

/// The loop of every body. `item(i)` is called for each index; taken by value, so that the
/// compiler sees that nothing written by an item changes what the loop reads.
template <class Watch, class Item>
void for_each_of(interval items, std::size_t& at, Watch& watch, Item item) {
    std::size_t i = items.begin;
    try {
        for (; i != items.end && !watch(); ++i)
            item(i);
    } catch (...) {
        at = i;
        throw;
    }
    at = i;
}

/// A body without its type, so that the engine is compiled once and not for each verb and callable.
struct block_body {
    using run_function = void (*)(void* object, interval items, std::size_t& at);
    using watched_function = void (*)(void* object, interval items, std::size_t& at, watch& eye);
    using discard_function = void (*)(void* object, interval items) noexcept;
    using fill_function = void (*)(void* object, interval items,
                                   const std::exception_ptr& why) noexcept;

    void* body;
    run_function run;
    watched_function run_watched;
    discard_function discard;
    fill_function fill; // null for a body that has none

    template <body_of_items Body>
    static block_body of(Body& body) noexcept {
        return {&body, run_of<Body>, run_watched_of<Body>, discard_of<Body>, fill_of<Body>()};
    }

private:
    template <class Body>
    static void run_of(void* object, interval items, std::size_t& at) {
        no_watch eye;
        static_cast<Body*>(object)->run(items, at, eye);
    }

    template <class Body>
    static void run_watched_of(void* object, interval items, std::size_t& at, watch& eye) {
        static_cast<Body*>(object)->run(items, at, eye);
    }

    template <class Body>
    static void discard_of(void* object, interval items) noexcept {
        static_cast<Body*>(object)->discard(items);
    }

    template <class Body>
    static constexpr fill_function fill_of() noexcept {
        if constexpr (fills_gaps<Body>) {
            return [](void* object, interval items, const std::exception_ptr& why) noexcept {
                static_cast<Body*>(object)->fill(items, why);
            };
        } else {
            return nullptr;
        }
    }
};

} // namespace parmap::detail
