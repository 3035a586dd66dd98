// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/blockwise_scan.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/result_buffer.hpp>
#include <parmap/runtime/detail/whole_call.hpp>

#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap {

/// An operation makes one T of two.
template <class Op, class T>
concept combines_two_into_one =
    std::copy_constructible<T> &&
    std::is_constructible_v<T, std::invoke_result_t<std::remove_reference_t<Op>&, T, T>> &&
    std::is_constructible_v<T,
                            std::invoke_result_t<std::remove_reference_t<Op>&, const T&, const T&>>;

namespace detail {

template <bool inclusive, class T, class Range, class Op, class... Init>
std::vector<T> scan_in_place(Range& range, Op& op, const options& options, Init&&... init) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    result_buffer<T> results(count);
    auto first = first_of(range);
    blockwise_scan<decltype(first), T, Op, inclusive> scan(std::move(first), count, op,
                                                           results.data());
    (scan.start_with(std::forward<Init>(init)), ...);
    scan.run(options);
    scan.release();
    return results.take();
}

/// Whether elements may be read more than once.
template <class Range>
concept scanned_in_place =
    splittable_range<Range> && !std::is_rvalue_reference_v<std::ranges::range_reference_t<Range>>;

/// Elements that can only be walked are first read, since the blocks depend on their number.
template <bool inclusive, class T, class Range, class Op, class... Init>
std::vector<T> scan(Range& range, Op& op, const options& options, Init&&... init) {
    const whole_call here(options);
    if constexpr (scanned_in_place<Range>) {
        return scan_in_place<inclusive, T>(range, op, options, std::forward<Init>(init)...);
    } else {
        auto value = [](auto&& element) { return T(std::forward<decltype(element)>(element)); };
        auto [elements, failure] = map_until_failure<T>(range, value, options);
        auto results = scan_in_place<inclusive, T>(
            elements, op, failure ? to_the_end(options) : later_pass(options),
            std::forward<Init>(init)...);
        if (failure)
            std::rethrow_exception(failure);
        return results;
    }
}

} // namespace detail

/// Folds a range from the left and keeps every step: the i-th of the results is that of the
/// elements up to the i-th.
///
/// `op(T, T)` has to be associative; it need not commute. Elements are cut into blocks that depend
/// on their number alone, and the i-th result is op(fold of the blocks before, fold of the block
/// up to i): the same bits, whatever the threads and options.
///
/// - Complexity: up to 3 calls of `op` for each element, 2 on one thread; one for each block of
///   about sqrt(n), at most 16384, elements one after another. One allocation for the results, and
///   some values for each block; a range that can only be walked, or whose elements are moved from
///   as they are read, is read into memory first.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: that of the lowest element which cannot be read or for which `op` throws, in the
///   order in which one thread goes over the blocks. A range that can only be walked and throws at
///   some element is scanned up to it first.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out. Progress
///   counts elements that have been folded once.
/// - Blocking: until all is done; the caller works too.
///
/// Source: Blelloch, Prefix Sums and Their Applications, 1990, section 1.2.1.
template <std::ranges::input_range Range, class Op>
    requires combines_two_into_one<Op, std::ranges::range_value_t<Range>>
std::vector<std::ranges::range_value_t<Range>> inclusive_scan(Range&& range, Op&& op,
                                                              const options& options = {}) {
    using T = std::ranges::range_value_t<Range>;
    return detail::scan<true, T>(range, op, options);
}

/// As `inclusive_scan`, of the elements before the i-th, with `init` before them all: the first
/// result is `init`. The type of the results is that of `init`.
template <std::ranges::input_range Range, class Init, class Op>
    requires combines_two_into_one<Op, std::decay_t<Init>>
std::vector<std::decay_t<Init>> exclusive_scan(Range&& range, Init&& init, Op&& op,
                                               const options& options = {}) {
    using T = std::decay_t<Init>;
    return detail::scan<false, T>(range, op, options, T(std::forward<Init>(init)));
}

} // namespace parmap
