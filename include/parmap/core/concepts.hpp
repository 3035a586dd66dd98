// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

// What verbs ask of their arguments. A call that asks for something else is refused with the name
// of one of these.

namespace parmap {

namespace detail {

template <class E>
concept tuple_like = requires { std::tuple_size<std::remove_cvref_t<E>>::value; };

template <class E>
using part_indices = std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<E>>>;

// std::apply itself is not constrained, so that its parts are asked one by one.
template <class F, class E, class Indices>
inline constexpr bool takes_parts = false;

template <class F, class E, std::size_t... I>
inline constexpr bool takes_parts<F, E, std::index_sequence<I...>> =
    std::is_invocable_v<F&, decltype(std::get<I>(std::declval<E>()))...>;

template <class F, class E>
concept callable_with_parts = tuple_like<E> && takes_parts<F, E, part_indices<E>>;

/// Calls `f` with an element or, if that is ill-formed, with the parts of a tuple-like one.
template <class F, class E>
constexpr decltype(auto) call(F& f, E&& element) {
    if constexpr (std::invocable<F&, E>) {
        return std::invoke(f, std::forward<E>(element));
    } else {
        return std::apply(f, std::forward<E>(element));
    }
}

// A single-pass element is held until its turn comes: as an lvalue where the range gave a
// reference, to be moved from where it gave a value.
template <class Range>
using held_element_t =
    std::conditional_t<std::is_lvalue_reference_v<std::ranges::range_reference_t<Range>>,
                       std::ranges::range_value_t<Range>&, std::ranges::range_value_t<Range>>;

} // namespace detail

/// What a callable is given for each element of a range.
template <class Range>
using element_t =
    std::conditional_t<std::ranges::forward_range<Range>, std::ranges::range_reference_t<Range>,
                       detail::held_element_t<Range>>;

/// A callable takes an element whole or, if it cannot, as the parts of a tuple.
template <class F, class Element>
concept callable_with = std::invocable<F&, Element> || detail::callable_with_parts<F, Element>;

/// A callable takes each element of a range.
template <class F, class Range>
concept callable_with_each_element =
    std::ranges::input_range<Range> && callable_with<std::remove_reference_t<F>, element_t<Range>>;

/// What a callable makes of an element: its decayed result.
template <class F, class Range>
using mapped_t = std::decay_t<decltype(detail::call(std::declval<std::remove_reference_t<F>&>(),
                                                    std::declval<element_t<Range>>()))>;

namespace detail {

template <class R>
concept a_value_else_use_parallel_for_each = !std::is_void_v<R>;

} // namespace detail

/// A callable returns something for each element; one that returns nothing belongs in
/// `parallel_for_each`.
template <class F, class Range>
concept mapped_to_a_value = detail::a_value_else_use_parallel_for_each<mapped_t<F, Range>>;

/// A random-access range that takes what a callable makes of each element of another.
template <class Out, class F, class Range>
concept output_of_each_result =
    std::ranges::random_access_range<Out> && std::ranges::sized_range<Out> &&
    mapped_to_a_value<F, Range> &&
    std::is_assignable_v<std::ranges::range_reference_t<Out>,
                         decltype(detail::call(std::declval<std::remove_reference_t<F>&>(),
                                               std::declval<element_t<Range>>()))>;

/// A callable makes of each element of a range what converts to the type of the first value of a
/// reduction.
template <class F, class Range, class T>
concept mapped_to_the_type_of_init =
    callable_with_each_element<F, Range> &&
    std::convertible_to<decltype(detail::call(std::declval<std::remove_reference_t<F>&>(),
                                              std::declval<element_t<Range>>())),
                        T>;

/// A callable makes one value of two of the same type.
template <class Op, class T>
concept combines_two_values =
    std::invocable<std::remove_reference_t<Op>&, T, T> &&
    std::convertible_to<std::invoke_result_t<std::remove_reference_t<Op>&, T, T>, T>;

/// A callable says of each element of a range, by what converts to bool, whether something holds.
template <class Pred, class Range>
concept predicate_on_each_element =
    callable_with_each_element<Pred, Range> &&
    std::convertible_to<decltype(detail::call(std::declval<std::remove_reference_t<Pred>&>(),
                                              std::declval<element_t<Range>>())),
                        bool>;

/// A range whose elements are numbers of the language: whole, floating point or bool.
template <class Range>
concept range_of_numbers =
    std::ranges::input_range<Range> && std::is_arithmetic_v<std::ranges::range_value_t<Range>>;

/// A range that stands in one piece of memory and knows its size.
template <class Range>
concept contiguous_sized_range =
    std::ranges::contiguous_range<Range> && std::ranges::sized_range<Range>;

/// A callable takes a block of input and a block of output, as spans.
template <class F, class In, class Out>
concept block_kernel =
    std::invocable<std::remove_reference_t<F>&,
                   std::span<const std::remove_reference_t<std::ranges::range_reference_t<In>>>,
                   std::span<std::remove_reference_t<std::ranges::range_reference_t<Out>>>>;

namespace detail {

/// A range that can be split in place: an element is reached by its index.
template <class Range>
concept splittable_range =
    std::ranges::random_access_range<Range> && std::ranges::sized_range<Range>;

} // namespace detail

} // namespace parmap
