// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <concepts>
#include <cstddef>
#include <ranges>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace parmap {

namespace detail {

/// Assigns the result of each element of a random-access range to its place in another.
template <class First, class Out, class F>
struct map_into_body {
    First first;
    Out out;
    F& f;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        // In place there is one pointer, not two that the compiler must suspect of overlapping.
        if constexpr (std::same_as<First, Out> && std::is_pointer_v<Out>) {
            if (first == out) {
                return for_each_of(items, at, watch, [out = out, &f = f](std::size_t i) {
                    out[i] = call(f, out[i]);
                });
            }
        }
        for_each_of(items, at, watch, [first = first, out = out, &f = f](std::size_t i) {
            at_index(out, i) = call(f, at_index(first, i));
        });
    }

    void discard(interval) noexcept {}
};

[[noreturn]] inline void throw_output_too_short(std::size_t places, const std::string& elements) {
    throw std::length_error("parmap: the output has " + std::to_string(places) + " places for " +
                            elements + " elements");
}

/// Assigns the result of each element of a range that is read in batches.
template <class Out, class F>
struct map_into_sink {
    Out out;
    std::size_t places;
    F& f;

    void admit(std::size_t index) const {
        if (index == places)
            throw_output_too_short(places, "more");
    }

    std::nullptr_t open(interval) const noexcept { return nullptr; }

    template <class Element>
    void put(Element&& element, std::size_t i, std::nullptr_t) {
        at_index(out, i) = call(f, std::forward<Element>(element));
    }
};

template <class Range, class Out, class F>
void map_into_in_place(Range& range, Out& out, F& f, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    auto first = first_of(range);
    auto first_out = first_of(out);
    using body_type = map_into_body<decltype(first), decltype(first_out), F>;
    body_type body{std::move(first), std::move(first_out), f};
    engine(options, memory_for<body_type>(f)).run({count, neighbours<Out>(count)}, body);
}

template <class Range, class Out, class F>
void map_into_in_batches(Range& range, Out& out, F& f, options options) {
    // Batches end anywhere, in the midst of a word of packed bits too.
    if (inseparable<Out> != 1)
        options.schedule = schedule::serial;
    auto first_out = first_of(out);
    using sink_type = map_into_sink<decltype(first_out), F>;
    sink_type sink{std::move(first_out), static_cast<std::size_t>(std::ranges::size(out)), f};
    walk_all(range, sink, options);
}

} // namespace detail

/// Maps `f` over a range into another: `out[i] = f(range[i])` for every i. `out` may be `range`.
///
/// - Complexity: one call of `f` and one assignment for each element; O(threads) memory.
/// - Threads: may be called from any thread, and from inside any other call, on outputs of its own.
/// - Errors: `std::length_error` before any call of `f` if `out` is shorter than the range; if the
///   range does not know its size, once it outgrows `out`. Else the exception of the lowest index
///   that throws, as a serial loop lets out; the items before it have been assigned.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items were left out.
/// - Blocking: until every item has run; the caller works too.
///
/// Example: examples/04_complex_operation.cpp
template <std::ranges::input_range Range, std::ranges::random_access_range Out, class F>
    requires callable_with_each_element<F, Range> && output_of_each_result<Out, F, Range>
void parallel_map_into(Range&& range, Out&& out, F&& f, const options& options = {}) {
    if constexpr (std::ranges::sized_range<Range>) {
        const auto places = static_cast<std::size_t>(std::ranges::size(out));
        const auto count = static_cast<std::size_t>(std::ranges::size(range));
        if (places < count)
            detail::throw_output_too_short(places, std::to_string(count));
    }
    if constexpr (detail::splittable_range<Range>) {
        detail::map_into_in_place(range, out, f, options);
    } else {
        detail::map_into_in_batches(range, out, f, options);
    }
}

} // namespace parmap
