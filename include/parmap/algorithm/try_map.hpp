// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/core/outcome.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/collected_results.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/result_buffer.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <ranges>
#include <utility>
#include <vector>

namespace parmap {

namespace detail {

template <class R, class F, class Element>
outcome<R> try_call(F& f, Element&& element) noexcept {
    try {
        return outcome<R>(std::in_place, call(f, std::forward<Element>(element)));
    } catch (...) {
        return outcome<R>(std::current_exception());
    }
}

/// Constructs the outcome of each element of a random-access range in its place.
template <class First, class F, class R>
struct try_map_body {
    First first;
    F& f;
    outcome<R>* results;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [first = first, &f = f, results = results](std::size_t i) {
            ::new (static_cast<void*>(results + i)) outcome<R>(try_call<R>(f, at_index(first, i)));
        });
    }

    void discard(interval items) noexcept {
        std::destroy(results + items.begin, results + items.end);
    }

    void fill(interval items, const std::exception_ptr& why) noexcept {
        for (std::size_t i = items.begin; i != items.end; ++i) {
            ::new (static_cast<void*>(results + i)) outcome<R>(why);
        }
    }
};

/// Collects the outcome of each element of a range that is read in batches.
template <class F, class R>
struct try_map_sink : collected_results<outcome<R>> {
    explicit try_map_sink(F& callable) : f(callable) {}

    template <class Element>
    void put(Element&& element, std::size_t, typename collected_results<outcome<R>>::place* into) {
        into->add([&] { return try_call<R>(f, std::forward<Element>(element)); });
    }

    F& f;
};

template <class R, class Range, class F>
std::vector<outcome<R>> try_map_in_place(Range& range, F& f, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    result_buffer<outcome<R>> results(count);
    auto first = first_of(range);
    using body_type = try_map_body<decltype(first), F, R>;
    body_type body{std::move(first), f, results.data()};
    engine(options, memory_for<body_type>(f)).run({count}, body);
    return results.take();
}

template <class R, class Range, class F>
std::vector<outcome<R>> try_map_in_batches(Range& range, F& f, const options& options) {
    using sink_type = try_map_sink<F, R>;
    sink_type sink(f);
    const std::size_t total = size_if_known(range); // before begin(), for a single-pass range
    if (const std::exception_ptr why = walk(range, sink, options))
        sink.fill(total, [&] { return outcome<R>(why); });
    return sink.take();
}

} // namespace detail

/// Maps `f` over a range and keeps what became of each element: its value, or what it threw.
///
/// - Complexity: as `parallel_map`.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: what `f` throws stays in its outcome; what the range itself throws leaves the call.
/// - Cancellation: elements that did not run hold `operation_cancelled` or `deadline_exceeded`;
///   those that a range of unknown size had not given by then are not in the result.
/// - Blocking: until every item has run; the caller works too.
template <std::ranges::input_range Range, class F>
    requires callable_with_each_element<F, Range> && mapped_to_a_value<F, Range>
auto parallel_try_map(Range&& range, F&& f, const options& options = {}) {
    using result = mapped_t<F, Range>;
    if constexpr (detail::splittable_range<Range>) {
        return detail::try_map_in_place<result>(range, f, options);
    } else {
        return detail::try_map_in_batches<result>(range, f, options);
    }
}

} // namespace parmap
