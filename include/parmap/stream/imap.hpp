// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/pool.hpp>
#include <parmap/stream/detail/stream_call.hpp>
#include <parmap/stream/detail/stream_ring.hpp>
#include <parmap/stream/detail/stream_slots.hpp>
#include <parmap/stream/detail/stream_window.hpp>
#include <parmap/stream/detail/stream_work.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>

namespace parmap {

namespace detail {

/// A stream and the result that its consumer stands at. It stays where it is while the object that
/// the user holds moves.
template <class View, class F, class R>
class stream {
public:
    template <class Range, class Callable>
    stream(Range&& range, Callable&& f, const options& options, delivery order)
        : view_(std::views::all(std::forward<Range>(range))), f_(std::forward<Callable>(f)),
          options_(options),
          window_(options_, pool_of(options_).size(), slots::bytes, memory_of<View, F>.item_time()),
          ring_(order, needed(size_if_known(view_))), slots_(view_, f_, ring_.slots()),
          call_(slots_, ring_, window_, options_, size_if_known(view_), memory_of<View, F>) {
        call_.start();
    }

    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    /// Stands at the first result.
    void begin() {
        if (!std::exchange(begun_, true))
            take();
    }

    /// Goes on to the next one.
    void advance() {
        std::destroy_at(now_);
        call_.consume();
        take();
    }

    [[nodiscard]] R& value() const noexcept { return *now_; }
    [[nodiscard]] bool ended() const noexcept { return now_ == nullptr; }

private:
    using slots = slots_of<View, F, R>;

    [[nodiscard]] std::size_t needed(std::size_t total) const noexcept {
        return total != 0 ? std::min(window_.widest(), total) : window_.widest();
    }

    void take() {
        now_ = nullptr;
        if (call_.next())
            now_ = slots_.result(ring_.slot_of_next());
    }

    View view_;
    F f_;
    const options options_;
    stream_window window_;
    stream_ring ring_;
    slots slots_;
    stream_call call_; // last, since workers use all the others
    R* now_ = nullptr;
    bool begun_ = false;
};

} // namespace detail

/// What `imap` and `imap_unordered` return: a move-only, single-pass view of results. Elements are
/// lvalues, each of which lives until the iterator is incremented and may be moved from.
///
/// Destroying it stops the work: no further item begins. Blocking: until those begun have ended and
/// a source that is being read has answered.
/// Threads: one at a time; another one may go on where one has left off.
template <std::ranges::view View, class F, class R>
class imap_view : public std::ranges::view_interface<imap_view<View, F, R>> {
    using stream = detail::stream<View, F, R>;

public:
    /// For `imap` alone, which makes the stream.
    explicit imap_view(std::unique_ptr<stream> made) noexcept : stream_(std::move(made)) {}

    /// Stands at a result.
    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag; ///< single-pass
        using value_type = R;                             ///< a result
        using difference_type = std::ptrdiff_t;           ///< as of any iterator

        /// For `imap_view::begin` alone.
        explicit iterator(stream* of) noexcept : stream_(of) {}
        /// Moves; `other` must not be used any more.
        iterator(iterator&& other) = default;
        /// Moves; `other` must not be used any more.
        iterator& operator=(iterator&& other) = default;

        /// The result, which may be moved from.
        [[nodiscard]] R& operator*() const noexcept { return stream_->value(); }

        /// Gives the present result up and waits for the next one. Errors: what an item or the
        /// source threw, in its turn; the iterator is then at the end.
        iterator& operator++() {
            stream_->advance();
            return *this;
        }
        /// The same.
        void operator++(int) { ++*this; }

        /// Whether there is no further result.
        [[nodiscard]] friend bool operator==(const iterator& at, std::default_sentinel_t) noexcept {
            return at.stream_ == nullptr || at.stream_->ended();
        }

    private:
        stream* stream_;
    };

    /// Waits for the first result. Errors: as incrementing the iterator.
    [[nodiscard]] iterator begin() {
        if (stream_)
            stream_->begin();
        return iterator(stream_.get());
    }
    /// Where results end.
    [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

private:
    std::unique_ptr<stream> stream_;
};

namespace detail {

template <class Range, class F>
auto make_stream(Range&& range, F&& f, const options& options, delivery order) {
    using view = std::views::all_t<Range>;
    using callable = std::decay_t<F>;
    using result = mapped_t<callable, view>;
    return imap_view<view, callable, result>(std::make_unique<stream<view, callable, result>>(
        std::forward<Range>(range), std::forward<F>(f), options, order));
}

} // namespace detail

/// Maps `f` over a range ahead of whoever takes the results, with bounded memory: an input range of
/// `f(element)`, in input order.
///
/// At most `options.window` elements are pulled from the range and not yet consumed; one is
/// consumed when the next result is asked for, so that the one in the consumer's hands counts.
/// Window 0: four for each thread, and as many as keep all threads busy for a millisecond where
/// items are that cheap, up to 4096 or 512 a thread and about a megabyte. No window is wider than
/// 1,048,576. Elements are pulled in order, from the call on, and taken on in that order, a few at
/// a time where items are cheap, `options.grain` at most. Each result is handed over as soon as it
/// is there. The range may be endless; it is kept as `std::views::all` keeps it: an rvalue lives in
/// the stream, an lvalue is referred to. `f` is kept decayed, and called as `parallel_map` does.
///
/// - Complexity: one call of `f` for each element; memory for a window of elements and results,
///   allocated here.
/// - Threads: up to `pool.size()` work at once. One thread at a time pulls from the range, which
///   one it is changes.
/// - Errors: what `f` or the range throws is delivered in the turn of the element, after all
///   results before it; then the stream is at its end. std::logic_error if the pool has been shut
///   down; pool::shutdown() waits for items under way, not for the stream.
/// - Cancellation: no element is pulled or begun; `operation_cancelled` or `deadline_exceeded`
///   comes where results end.
/// - Blocking: this call does not. The consumer waits for the next result; it runs that element if
///   nobody has begun it, and nothing else. Where items take less than some microseconds it may
///   sleep for 50 of them first, so that results gather.
///
/// With `schedule::serial` an element is pulled and run when its result is asked for.
///
/// Example: examples/10_stream_grep.cpp
template <std::ranges::viewable_range Range, class F>
    requires callable_with_each_element<std::decay_t<F>, std::views::all_t<Range>> &&
             mapped_to_a_value<std::decay_t<F>, std::views::all_t<Range>>
[[nodiscard]] auto imap(Range&& range, F&& f, const options& options = {}) {
    return detail::make_stream(std::forward<Range>(range), std::forward<F>(f), options,
                               detail::delivery::in_order);
}

/// The same with results in the order in which they are completed.
///
/// - Errors: once an element or the range has thrown, no more is pulled; what has succeeded is
///   delivered; then the exception of the lowest index leaves.
///
/// Otherwise as `imap`.
template <std::ranges::viewable_range Range, class F>
    requires callable_with_each_element<std::decay_t<F>, std::views::all_t<Range>> &&
             mapped_to_a_value<std::decay_t<F>, std::views::all_t<Range>>
[[nodiscard]] auto imap_unordered(Range&& range, F&& f, const options& options = {}) {
    return detail::make_stream(std::forward<Range>(range), std::forward<F>(f), options,
                               detail::delivery::as_completed);
}

} // namespace parmap
