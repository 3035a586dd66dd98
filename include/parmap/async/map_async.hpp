// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/reduce.hpp>
#include <parmap/async/detail/work.hpp>
#include <parmap/async/future.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/pool.hpp>

#include <functional>
#include <optional>
#include <ranges>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace parmap {

namespace detail {

/// A call of a verb as a task of its own. The range and the callables wait in it, and the call
/// stops when either the future or the caller's token says so.
template <class R, class Verb>
class verb_state final : public callable_state<R, true> {
public:
    verb_state(team& team, Verb verb, const options& options)
        : callable_state<R, true>(team), verb_(std::in_place, std::move(verb)), options_(options) {
        this->work_has_items();
    }

private:
    void execute() override {
        const std::stop_callback stopped_by_caller(std::exchange(options_.stop, {}),
                                                   [this] { this->stop_.request_stop(); });
        options_.stop = this->stop_.get_token();
        const recorded_call recorded(options_, this->record());
        this->keep([this]() -> decltype(auto) { return (*verb_)(options_); });
    }

    void release() noexcept override {
        verb_.reset();
        options_.on_progress = nullptr;
    }

    std::optional<Verb> verb_;
    options options_;
};

/// Has a pool run `verb(options)` as a task of its own.
template <class Verb>
auto start_verb(Verb verb, const options& options) {
    using result = std::decay_t<std::invoke_result_t<Verb&, const parmap::options&>>;
    using state = verb_state<result, Verb>;
    return start<result>(state_ptr<state>(
        new state(pool_access::team_of(pool_of(options)), std::move(verb), options)));
}

/// A range as a future keeps it: an rvalue lives in it, an lvalue is referred to.
template <std::ranges::viewable_range Range>
auto kept(Range&& range) {
    return std::views::all(std::forward<Range>(range));
}

template <class Range>
using kept_t = std::views::all_t<Range>;

} // namespace detail

/// `parallel_map` by itself on a pool: a future of its results.
///
/// An rvalue range is kept in the future, an lvalue is referred to and must outlive it; callables
/// are copied or moved. Both `options.stop` and the future's own stop end the call.
///
/// - Complexity: one allocation besides those of `parallel_map`.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: std::logic_error if the pool has been shut down; `get()` lets out what the verb does.
/// - Blocking: no.
///
/// Example: examples/09_async.cpp
template <std::ranges::viewable_range Range, class F>
    requires callable_with_each_element<std::decay_t<F>, detail::kept_t<Range>> &&
             mapped_to_a_value<std::decay_t<F>, detail::kept_t<Range>>
auto map_async(Range&& range, F&& f, const options& options = {}) {
    return detail::start_verb(
        [range = detail::kept(std::forward<Range>(range)), f = std::forward<F>(f)](
            const parmap::options& how) mutable { return parallel_map(range, f, how); },
        options);
}

/// `parallel_for_each` by itself on a pool: a future of its end. Otherwise as `map_async`.
template <std::ranges::viewable_range Range, class F>
    requires callable_with_each_element<std::decay_t<F>, detail::kept_t<Range>>
auto for_each_async(Range&& range, F&& f, const options& options = {}) {
    return detail::start_verb(
        [range = detail::kept(std::forward<Range>(range)), f = std::forward<F>(f)](
            const parmap::options& how) mutable { parallel_for_each(range, f, how); },
        options);
}

/// `parallel_reduce` by itself on a pool: a future of its value. Otherwise as `map_async`.
template <std::ranges::viewable_range Range, class T, class Op>
    requires combines_two_values<std::decay_t<Op>, std::decay_t<T>>
auto reduce_async(Range&& range, T&& init, Op&& op, const options& options = {}) {
    return detail::start_verb(
        [range = detail::kept(std::forward<Range>(range)), init = std::forward<T>(init),
         op = std::forward<Op>(op)](const parmap::options& how) mutable {
            return parallel_reduce(range, std::move(init), op, how);
        },
        options);
}

/// `map_reduce` by itself on a pool: a future of its value. Otherwise as `map_async`.
template <std::ranges::viewable_range Range, class Map, class T, class Op>
    requires mapped_to_the_type_of_init<std::decay_t<Map>, detail::kept_t<Range>,
                                        std::decay_t<T>> &&
             combines_two_values<std::decay_t<Op>, std::decay_t<T>>
auto map_reduce_async(Range&& range, Map&& map, T&& init, Op&& op, const options& options = {}) {
    return detail::start_verb(
        [range = detail::kept(std::forward<Range>(range)), map = std::forward<Map>(map),
         init = std::forward<T>(init),
         op = std::forward<Op>(op)](const parmap::options& how) mutable {
            return map_reduce(range, map, std::move(init), op, how);
        },
        options);
}

} // namespace parmap
