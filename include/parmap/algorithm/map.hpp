// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/core/progress.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/collected_results.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/result_buffer.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap {

namespace detail {

/// Constructs the result of each element of a random-access range in its place.
template <class First, class F, class R>
struct map_body {
    First first;
    F& f;
    R* results;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [first = first, &f = f, results = results](std::size_t i) {
            ::new (static_cast<void*>(results + i)) R(call(f, at_index(first, i)));
        });
    }

    void discard(interval items) noexcept {
        std::destroy(results + items.begin, results + items.end);
    }
};

/// Collects the result of each element of a range that is read in batches.
template <class F, class R>
struct map_sink : collected_results<R> {
    explicit map_sink(F& callable) : f(callable) {}

    template <class Element>
    void put(Element&& element, std::size_t, typename collected_results<R>::place* into) {
        into->add([&]() -> decltype(auto) { return call(f, std::forward<Element>(element)); });
    }

    F& f;
};

template <class R, class Range, class F>
std::vector<R> map_in_place(Range& range, F& f, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    result_buffer<R> results(count);
    auto first = first_of(range);
    using body_type = map_body<decltype(first), F, R>;
    body_type body{std::move(first), f, results.data()};
    engine(options, memory_for<body_type>(f)).run({count}, body);
    return results.take();
}

/// Results of a range that can only be walked, up to where it ends or something throws.
template <class R>
struct results_so_far {
    std::vector<R> results;
    std::exception_ptr failure; // of the element after them
};

/// The same options, but that what the listener throws is noted. Both are to outlive the call.
inline options noting_listener(const options& heard, std::exception_ptr& thrown) {
    options noting = heard;
    if (heard.on_progress) {
        noting.on_progress = [&](progress now) {
            try {
                heard.on_progress(now);
            } catch (...) {
                thrown = std::current_exception();
                throw;
            }
        };
    }
    return noting;
}

/// Maps up to there, so that what is done with the results of lower elements may throw first. What
/// the listener throws is no element's failure, and leaves.
template <class R, class Range, class F>
results_so_far<R> map_until_failure(Range& range, F& f, const options& options) {
    map_sink<F, R> sink(f);
    std::exception_ptr failure;
    std::exception_ptr left_out;
    std::exception_ptr of_listener;
    try {
        left_out = walk(range, sink, noting_listener(options, of_listener));
    } catch (...) {
        failure = std::current_exception();
        if (failure == of_listener)
            throw;
        sink.keep_front();
    }
    if (left_out)
        std::rethrow_exception(left_out);
    return {sink.take(), failure};
}

template <class R, class Range, class F>
std::vector<R> map_in_batches(Range& range, F& f, const options& options) {
    using sink_type = map_sink<F, R>;
    sink_type sink(f);
    walk_all(range, sink, options);
    return sink.take();
}

} // namespace detail

/// Maps `f` over a range on every core: a vector of `f(element)`, in input order.
///
/// `f` is called as `f(element)` or, if that is ill-formed and the element is tuple-like, as
/// `f(parts...)`; once for each element, concurrently, through one shared object.
///
/// - Complexity: one call of `f` for each element; for the results of a range of random access and
///   known size one allocation, and O(threads) besides. A range that can only be walked is read on
///   the caller's thread, and its results are moved once.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: the exception of the lowest index that throws, as a serial loop lets out; the items
///   before it have run, nothing runs after the call has returned, and every result is destroyed.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items were left out.
/// - Blocking: until every item has run; the caller works too.
///
/// Example: examples/01_map.cpp
template <std::ranges::input_range Range, class F>
    requires callable_with_each_element<F, Range> && mapped_to_a_value<F, Range>
auto parallel_map(Range&& range, F&& f, const options& options = {}) {
    using result = mapped_t<F, Range>;
    if constexpr (detail::splittable_range<Range>) {
        return detail::map_in_place<result>(range, f, options);
    } else {
        return detail::map_in_batches<result>(range, f, options);
    }
}

} // namespace parmap
