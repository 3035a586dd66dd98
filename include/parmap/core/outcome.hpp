// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace parmap {

/// What became of one item of `parallel_try_map`: its value, or the exception that it threw.
///
/// Threads: as any value type. Errors: `value()` rethrows the item's exception.
template <class T>
class outcome {
public:
    /// What the item made.
    using value_type = T;

    /// The outcome of an item that returned.
    template <class... Args>
        requires std::constructible_from<T, Args...>
    explicit outcome(std::in_place_t, Args&&... args)
        : value_(std::in_place, std::forward<Args>(args)...) {}

    /// The outcome of an item that threw `error`, or that did not run.
    explicit outcome(std::exception_ptr error) noexcept : error_(std::move(error)) {}

    /// Whether the item returned.
    [[nodiscard]] bool has_value() const noexcept { return value_.has_value(); }
    /// The same.
    explicit operator bool() const noexcept { return has_value(); }

    /// The value; rethrows what the item threw if there is none.
    [[nodiscard]] T& value() & { return rethrow_error(), *value_; }
    /// The same, of one that may not be changed.
    [[nodiscard]] const T& value() const& { return rethrow_error(), *value_; }
    /// The same, to be moved from.
    [[nodiscard]] T&& value() && { return rethrow_error(), *std::move(value_); }
    /// The same, of one that may not be changed.
    [[nodiscard]] const T&& value() const&& { return rethrow_error(), *std::move(value_); }

    /// The exception; null if there is a value.
    [[nodiscard]] std::exception_ptr error() const noexcept { return error_; }

private:
    void rethrow_error() const {
        if (!has_value())
            std::rethrow_exception(error_);
    }

    std::optional<T> value_;
    std::exception_ptr error_;
};

} // namespace parmap
