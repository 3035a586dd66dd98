// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/lanes.hpp>
#include <parmap/algorithm/detail/reduce_leaves.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <ranges>
#include <type_traits>

namespace parmap {

namespace detail {

// Whole numbers wrap round without harm if they have no sign.
template <class Value>
using gathered_t = std::conditional_t<std::floating_point<Value>, Value, std::uint64_t>;

template <class Value>
using widened_t = std::conditional_t<
    std::floating_point<Value>, Value,
    std::conditional_t<std::signed_integral<Value>, std::int64_t, std::uint64_t>>;

/// The type of a mean: that of floating-point numbers themselves, double for whole ones.
template <class Value>
using mean_t = std::conditional_t<std::floating_point<Value>, Value, double>;

template <class T, class Gather, class Combine, class Range>
T gathered(Range& range, Combine combine, const options& options) {
    const auto leaf = [](const auto* x, std::size_t n, std::size_t) {
        return gather_leaf<T, Gather>(x, n, unchanged());
    };
    return reduce_leaves<T>(range, leaf, combine, options).value_or(Gather::template neutral<T>);
}

/// How many numbers there were, and their sum.
template <class T>
struct counted_sum {
    std::size_t count = 0;
    T sum = 0;

    friend counted_sum operator+(const counted_sum& a, const counted_sum& b) noexcept {
        return {a.count + b.count, a.sum + b.sum};
    }
};

/// How numbers are spread: how many, their mean less one of them, and the sum of the squared
/// deviations. The mean is kept as two numbers so that it has the digits of the deviations, not
/// those of the numbers.
template <class T>
struct moments {
    T count = 0;
    T shift = 0;
    T mean = 0;
    T squares = 0;

    friend moments operator+(const moments& a, const moments& b) noexcept {
        const T both = a.count + b.count;
        const T share = b.count / both;
        const T distance = (b.shift - a.shift) + (b.mean - a.mean);
        return {both, a.shift, a.mean + distance * share,
                a.squares + b.squares + distance * distance * a.count * share};
    }
};

template <class T, class S>
auto spread_of_leaf(const S* x, std::size_t n) {
    using wide = std::conditional_t<std::same_as<T, float>, double, T>;
    const T shift = static_cast<T>(x[0]);
    const T mean = gather_leaf<T, adding>(x, n, less_shift<T>{shift}) / static_cast<T>(n);
    const T squares = gather_leaf<T, adding>(x, n, squared_deviation<T>{shift, mean});
    return moments<wide>{static_cast<wide>(n), shift, mean, squares};
}

} // namespace detail

/// The sum of the numbers of a range: floating point of their own type, whole numbers widened to 64
/// bits (beyond which they wrap round). 0 for an empty range.
///
/// The same, bit for bit, on any number of threads and for any kind of range that holds the
/// numbers. It errs by at most (16 + log2 n) * eps/2 * (the sum of the magnitudes): blocks of 1024
/// are added in lanes, and their sums along a binary tree.
///
/// - Complexity: one addition for each element; O(threads) memory, and that of the elements where
///   up to 65536 of them are computed.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: what reading the range throws.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if items were left out.
/// - Blocking: until every item has run; the caller works too.
///
/// Source: Higham, "The accuracy of floating point summation" (1993), pairwise summation.
template <std::ranges::input_range Range>
    requires range_of_numbers<Range>
auto sum(Range&& range, const options& options = {}) {
    using value = std::ranges::range_value_t<Range>;
    return static_cast<detail::widened_t<value>>(
        detail::gathered<detail::gathered_t<value>, detail::adding>(range, std::plus<>(), options));
}

/// The product of the numbers of a range, of the type of their `sum`. 1 for an empty range.
///
/// - Complexity, threads, errors, cancellation, blocking: as `sum`.
template <std::ranges::input_range Range>
    requires range_of_numbers<Range>
auto product(Range&& range, const options& options = {}) {
    using value = std::ranges::range_value_t<Range>;
    return static_cast<detail::widened_t<value>>(
        detail::gathered<detail::gathered_t<value>, detail::multiplying>(range, std::multiplies<>(),
                                                                         options));
}

/// The mean of the numbers of a range: of their own type if that is floating point, else a double
/// (whole numbers are added as doubles, and never wrap round). NaN for an empty range.
///
/// - Complexity, threads, errors, cancellation, blocking: as `sum`.
template <std::ranges::input_range Range>
    requires range_of_numbers<Range>
auto mean(Range&& range, const options& options = {}) {
    using result = detail::mean_t<std::ranges::range_value_t<Range>>;
    using total = detail::counted_sum<result>;
    const auto leaf = [](const auto* x, std::size_t n, std::size_t) {
        return total{n, detail::gather_leaf<result, detail::adding>(x, n, detail::unchanged())};
    };
    const auto all = detail::reduce_leaves<total>(range, leaf, std::plus<>(), options);
    return all ? all->sum / static_cast<result>(all->count)
               : std::numeric_limits<result>::quiet_NaN();
}

/// The variance of the numbers of a range as a whole population (over n), of the type of their
/// `mean`. NaN for an empty range.
///
/// Nothing cancels, however far from zero the numbers are: deviations are taken from the mean of
/// each block of 1024, which is relative to one of its elements, and blocks are combined pairwise.
///
/// - Complexity: each element is read twice, the second time from cache. Else as `sum`.
/// - Threads, errors, cancellation, blocking: as `sum`.
///
/// Source: Chan, Golub and LeVeque, "Algorithms for computing the sample variance: analysis and
/// recommendations" (1983).
template <std::ranges::input_range Range>
    requires range_of_numbers<Range>
auto variance(Range&& range, const options& options = {}) {
    using result = detail::mean_t<std::ranges::range_value_t<Range>>;
    using wide = std::conditional_t<std::same_as<result, float>, double, result>;
    const auto leaf = [](const auto* x, std::size_t n, std::size_t) {
        return detail::spread_of_leaf<result>(x, n);
    };
    const auto all =
        detail::reduce_leaves<detail::moments<wide>>(range, leaf, std::plus<>(), options);
    return all ? static_cast<result>(all->squares / all->count)
               : std::numeric_limits<result>::quiet_NaN();
}

} // namespace parmap
