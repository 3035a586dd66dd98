// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/call_record.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <cstddef>
#include <ranges>
#include <utility>

namespace parmap {

namespace detail {

/// Calls `f` with each element of a random-access range.
template <class First, class F>
struct for_each_body {
    First first;
    F& f;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [first = first, &f = f](std::size_t i) {
            static_cast<void>(call(f, at_index(first, i)));
        });
    }

    void discard(interval) noexcept {}
};

/// Calls `f` with each element of a range that is read in batches.
template <class F>
struct for_each_sink {
    F& f;

    void admit(std::size_t) const noexcept {}
    std::nullptr_t open(interval) const noexcept { return nullptr; }

    template <class Element>
    void put(Element&& element, std::size_t, std::nullptr_t) {
        static_cast<void>(call(f, std::forward<Element>(element)));
    }
};

template <class Range, class F>
void for_each_in_place(Range& range, F& f, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    auto first = first_of(range);
    using body_type = for_each_body<decltype(first), F>;
    body_type body{std::move(first), f};
    engine(options, memory_for<body_type>(f)).run({count, neighbours<Range>(count)}, body);
}

template <class Range, class F>
void for_each_in_batches(Range& range, F& f, const options& options) {
    for_each_sink<F> sink{f};
    walk_all(range, sink, options);
}

} // namespace detail

/// Calls `f` with each element of a range, on every core. Elements come by reference and may be
/// changed; those of a single-pass range are held as values until their turn.
///
/// - Complexity: one call of `f` for each element; O(threads) memory.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: the exception of the lowest index that throws, as a serial loop lets out; the items
///   before it have run and nothing runs after the call has returned.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items were left out.
/// - Blocking: until every item has run; the caller works too.
///
/// Example: examples/06_overlap.cpp
template <std::ranges::input_range Range, class F>
    requires callable_with_each_element<F, Range>
void parallel_for_each(Range&& range, F&& f, const options& options = {}) {
    if constexpr (detail::splittable_range<Range>) {
        detail::for_each_in_place(range, f, options);
    } else if constexpr (detail::inseparable<Range> != 1) {
        // Batches end anywhere, in the midst of a word of packed bits too.
        parmap::options one_thread = options;
        one_thread.schedule = schedule::serial;
        const detail::recorded_as same(options, one_thread);
        detail::for_each_in_batches(range, f, one_thread);
    } else {
        detail::for_each_in_batches(range, f, options);
    }
}

} // namespace parmap
