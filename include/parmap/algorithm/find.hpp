// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/reduce.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/failure.hpp>
#include <parmap/runtime/detail/ticks.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ranges>
#include <utility>

namespace parmap {

namespace detail {

/// Ends a search as an exception would: what is below still runs, what is above need not.
struct match_found {};

/// The lowest match of a call.
///
/// A match is thrown, so that the engine stops what is above it and nothing below; but where
/// nothing can interrupt the call and it has only just begun, an exception would be dear: such a
/// match is noted, and items above it are passed over.
class search {
public:
    /// Whether item `i` can no longer change what is found.
    [[nodiscard]] bool over_before(std::size_t i) const noexcept {
        return i > lowest_.load(std::memory_order_relaxed);
    }

    /// Notes that item `i` matches, and throws that if the call may be interrupted.
    void match(std::size_t i, bool interruptible) {
        lower(lowest_, i);
        if (interruptible || ticks() - began_ > short_time)
            throw match_found();
        lower(noted_, i);
    }

    /// Notes that item `i` has thrown.
    void fail(std::size_t i) noexcept { lower(failed_, i); }

    /// The lowest match, once all items below it are known to have run.
    [[nodiscard]] std::optional<std::size_t> result() const noexcept {
        const std::size_t lowest = lowest_.load(std::memory_order_relaxed);
        return lowest != no_index ? std::optional(lowest) : std::nullopt;
    }

    /// After an exception: whether a serial loop would not have come as far.
    [[nodiscard]] bool ended_before_failure() const noexcept {
        return noted_.load(std::memory_order_relaxed) < failed_.load(std::memory_order_relaxed);
    }

private:
    static constexpr std::uint64_t short_time = 65'536; // 16 to 65 microseconds

    static void lower(std::atomic<std::size_t>& lowest, std::size_t i) noexcept {
        std::size_t known = lowest.load(std::memory_order_relaxed);
        while (i < known && !lowest.compare_exchange_weak(known, i, std::memory_order_relaxed)) {
        }
    }

    const std::uint64_t began_ = ticks();
    std::atomic<std::size_t> lowest_ = no_index;
    std::atomic<std::size_t> noted_ = no_index;
    std::atomic<std::size_t> failed_ = no_index;
};

/// Tries a predicate on each element of a random-access range.
template <class First, class Pred>
struct find_body {
    First first;
    Pred& pred;
    search& found;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        at = items.begin;
        try {
            try_items(items, at, watch);
        } catch (const match_found&) {
            throw;
        } catch (...) {
            found.fail(at);
            throw;
        }
    }

    void discard(interval) noexcept {}

private:
    template <class Watch>
    void try_items(interval items, std::size_t& at, Watch& watch) {
        for (; at != items.end && !watch(); ++at) {
            const bool over = found.over_before(at);
            if (!over && call(pred, at_index(first, at))) {
                found.match(at, !std::same_as<Watch, no_watch>);
            } else if (!over) {
                continue;
            }
            at = items.end;
            return;
        }
    }
};

/// Tries a predicate on each element of a range that is read in batches.
template <class Pred>
struct find_sink {
    Pred& pred;
    search& found;

    void admit(std::size_t) const noexcept {}
    std::nullptr_t open(interval) const noexcept { return nullptr; }

    template <class Element>
    void put(Element&& element, std::size_t i, std::nullptr_t) {
        if (!found.over_before(i) && call(pred, std::forward<Element>(element)))
            found.match(i, true);
    }
};

template <class Range, class Pred>
void find_in_place(Range& range, Pred& pred, search& found, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    auto first = first_of(range);
    using body_type = find_body<decltype(first), Pred>;
    body_type body{std::move(first), pred, found};
    engine(options, memory_for<body_type>(pred)).run({count}, body);
}

template <class Range, class Pred>
void find_in_batches(Range& range, Pred& pred, search& found, const options& options) {
    using sink_type = find_sink<Pred>;
    sink_type sink{pred, found};
    walk_all(range, sink, options);
}

template <class Range, class Pred>
std::optional<std::size_t> find(Range& range, Pred& pred, const options& options) {
    search found;
    try {
        if constexpr (splittable_range<Range>) {
            find_in_place(range, pred, found, options);
        } else {
            find_in_batches(range, pred, found, options);
        }
    } catch (const match_found&) {
    } catch (...) {
        if (!found.ended_before_failure())
            throw;
    }
    return found.result();
}

} // namespace detail

/// The index of the first element that `pred` holds for, if there is one.
///
/// Ends early: once a match is known, nothing above it begins, and a source stops being read, so
/// that it may be endless.
///
/// - Complexity: at most one call of `pred` for each element; O(threads) memory.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: the exception of the lowest index that throws, if no lower element matches; what an
///   element above the first match throws is dropped.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items below the first match were
///   left out.
/// - Blocking: until every item below the first match has run; the caller works too.
template <std::ranges::input_range Range, class Pred>
    requires predicate_on_each_element<Pred, Range>
std::optional<std::size_t> find_if(Range&& range, Pred&& pred, const options& options = {}) {
    return detail::find(range, pred, options);
}

/// Whether `pred` holds for some element; false for an empty range.
///
/// - Complexity, threads, errors, cancellation, blocking: as `find_if`.
template <std::ranges::input_range Range, class Pred>
    requires predicate_on_each_element<Pred, Range>
bool any_of(Range&& range, Pred&& pred, const options& options = {}) {
    return detail::find(range, pred, options).has_value();
}

/// Whether `pred` holds for no element; true for an empty range.
///
/// - Complexity, threads, errors, cancellation, blocking: as `find_if`.
template <std::ranges::input_range Range, class Pred>
    requires predicate_on_each_element<Pred, Range>
bool none_of(Range&& range, Pred&& pred, const options& options = {}) {
    return !detail::find(range, pred, options).has_value();
}

/// Whether `pred` holds for every element; true for an empty range.
///
/// - Complexity, threads, errors, cancellation, blocking: as `find_if`, for an element that `pred`
///   does not hold for.
template <std::ranges::input_range Range, class Pred>
    requires predicate_on_each_element<Pred, Range>
bool all_of(Range&& range, Pred&& pred, const options& options = {}) {
    const auto fails = [&pred](element_t<Range> element) {
        return !static_cast<bool>(detail::call(pred, std::forward<element_t<Range>>(element)));
    };
    return !detail::find(range, fails, options).has_value();
}

/// How many elements `pred` holds for.
///
/// - Complexity: one call of `pred` for each element; O(threads) memory.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: the exception of the lowest index that throws, as a serial loop lets out.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items were left out.
/// - Blocking: until every item has run; the caller works too.
template <std::ranges::input_range Range, class Pred>
    requires predicate_on_each_element<Pred, Range>
std::size_t count_if(Range&& range, Pred&& pred, const options& options = {}) {
    const auto counted = [&pred](element_t<Range> element) -> std::size_t {
        return detail::call(pred, std::forward<element_t<Range>>(element)) ? 1 : 0;
    };
    std::plus<> add;
    return detail::reduce(range, counted, std::size_t{0}, add, options);
}

} // namespace parmap
