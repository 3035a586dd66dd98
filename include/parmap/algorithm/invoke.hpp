// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/engine.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace parmap {

namespace detail {

template <class F>
using invoked_t = std::conditional_t<std::is_void_v<std::invoke_result_t<F>>, std::monostate,
                                     std::decay_t<std::invoke_result_t<F>>>;

/// Calls each of several callables and keeps what became of it.
template <class... F>
struct invoke_body {
    std::tuple<F&&...> callables;
    std::tuple<std::optional<invoked_t<F>>...> results;
    std::array<std::exception_ptr, sizeof...(F)> errors;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch,
                    [this](std::size_t i) { pick(i, std::make_index_sequence<sizeof...(F)>()); });
    }

    void discard(interval) noexcept {}

private:
    template <std::size_t... I>
    void pick(std::size_t i, std::index_sequence<I...>) noexcept {
        static_cast<void>(((i == I && (invoke<I>(), true)) || ...));
    }

    template <std::size_t I>
    void invoke() noexcept {
        using callable = std::tuple_element_t<I, std::tuple<F&&...>>;
        try {
            auto&& f = std::get<I>(callables);
            if constexpr (std::is_void_v<std::invoke_result_t<callable>>) {
                std::invoke(std::forward<callable>(f));
                std::get<I>(results).emplace();
            } else {
                std::get<I>(results).emplace(std::invoke(std::forward<callable>(f)));
            }
        } catch (...) {
            errors[I] = std::current_exception();
        }
    }
};

} // namespace detail

/// Calls all of `f`, perhaps at once, and returns a tuple of their results, `std::monostate` for
/// one that returns nothing.
///
/// - Complexity: one call of each; no allocation that grows with their number.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: when all have ended, the exception of the first in argument order that threw.
/// - Blocking: until all have ended; the caller works too, on `default_pool()`.
///
/// Example: examples/03_fib.cpp
template <std::invocable... F>
std::tuple<detail::invoked_t<F>...> parallel_invoke(F&&... f) {
    detail::invoke_body<F...> body{{std::forward<F>(f)...}, {}, {}};
    // Whoever writes this means "at once": workers are brought in from the start.
    const options at_once{.schedule = schedule::balanced};
    detail::engine(at_once, detail::memory_of<detail::invoke_body<F...>>).run({sizeof...(F)}, body);
    for (std::exception_ptr& error : body.errors) {
        if (error)
            std::rethrow_exception(std::move(error));
    }
    return std::apply(
        [](auto&... result) { return std::tuple<detail::invoked_t<F>...>(*std::move(result)...); },
        body.results);
}

} // namespace parmap
