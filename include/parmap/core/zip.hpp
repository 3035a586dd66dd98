// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/indices.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

namespace parmap {
namespace detail {

template <class R>
concept endless =
    std::ranges::range<R> && std::same_as<std::ranges::sentinel_t<R>, std::unreachable_sentinel_t>;

// An endless range never is the shortest, so it takes no size away from the others.
template <class... Rs>
concept zip_sized =
    ((std::ranges::sized_range<Rs> || endless<Rs>) && ...) && (std::ranges::sized_range<Rs> || ...);

template <class... Rs>
concept zip_indexed = zip_sized<Rs...> && (std::ranges::random_access_range<Rs> && ...);

template <class R>
constexpr std::size_t size_or_endless(R& range) {
    if constexpr (endless<R>)
        return SIZE_MAX;
    else
        return static_cast<std::size_t>(std::ranges::size(range));
}

template <std::random_access_iterator... Its>
struct zipped {
    std::tuple<Its...> firsts;

    constexpr std::tuple<std::iter_reference_t<Its>...> operator()(std::ptrdiff_t i) const
        noexcept((noexcept(std::declval<const Its&>()[std::iter_difference_t<Its>{}]) && ...) &&
                 (std::is_nothrow_move_constructible_v<std::iter_reference_t<Its>> && ...)) {
        return std::apply(
            [i](const Its&... its) {
                return std::tuple<std::iter_reference_t<Its>...>{
                    its[static_cast<std::iter_difference_t<Its>>(i)]...};
            },
            firsts);
    }
};

template <bool Forward>
struct zip_category {};

// A single-pass zip cannot be copied, which is less than any C++17 iterator promises.
template <>
struct zip_category<true> {
    using iterator_category = std::input_iterator_tag;
};

// What may be kept of an element while the zip moves on: a multi-pass range's reference, but of a
// single-pass one, whose references die as it is read on, the value.
template <std::input_iterator It>
using zip_kept_t =
    std::conditional_t<std::forward_iterator<It>, std::iter_reference_t<It>, std::iter_value_t<It>>;

template <std::input_iterator... Its>
class zip_iterator : public zip_category<(std::forward_iterator<Its> && ...)> {
    static constexpr bool forward = (std::forward_iterator<Its> && ...);

public:
    using iterator_concept =
        std::conditional_t<forward, std::forward_iterator_tag, std::input_iterator_tag>;
    using difference_type = std::ptrdiff_t;
    using value_type = std::tuple<zip_kept_t<Its>...>;
    using reference = std::tuple<std::iter_reference_t<Its>...>;
    using pointer = void;

    zip_iterator() = default;
    constexpr explicit zip_iterator(std::tuple<Its...> its) : its_(std::move(its)) {}

    constexpr reference operator*() const {
        // Braces, so that the elements are read from left to right.
        return std::apply([](const Its&... its) { return reference{*its...}; }, its_);
    }
    constexpr zip_iterator& operator++() {
        std::apply([](Its&... its) { (static_cast<void>(++its), ...); }, its_);
        return *this;
    }
    constexpr auto operator++(int) {
        if constexpr (forward) {
            zip_iterator before = *this;
            ++*this;
            return before;
        } else {
            ++*this;
        }
    }

    friend constexpr bool operator==(const zip_iterator& a, const zip_iterator& b)
        requires(std::equality_comparable<Its> && ...)
    {
        return a.its_ == b.its_;
    }

    constexpr const std::tuple<Its...>& base() const noexcept { return its_; }

private:
    std::tuple<Its...> its_;
};

template <class Its, class Ends>
inline constexpr bool zip_ends = false;

template <class... Its, class... Ends>
    requires(sizeof...(Its) == sizeof...(Ends))
inline constexpr bool zip_ends<std::tuple<Its...>, std::tuple<Ends...>> =
    (std::sentinel_for<Ends, Its> && ...);

template <std::semiregular... Ends>
class zip_sentinel {
public:
    zip_sentinel() = default;
    constexpr explicit zip_sentinel(std::tuple<Ends...> ends) : ends_(std::move(ends)) {}

    template <class... Its>
        requires zip_ends<std::tuple<Its...>, std::tuple<Ends...>>
    friend constexpr bool operator==(const zip_iterator<Its...>& it, const zip_sentinel& end) {
        return [&]<std::size_t... I>(std::index_sequence<I...>) {
            return ((std::get<I>(it.base()) == std::get<I>(end.ends_)) || ...);
        }(std::index_sequence_for<Its...>{});
    }

private:
    std::tuple<Ends...> ends_;
};

template <class... Rs>
constexpr auto zip_begin(Rs&... ranges) {
    // Braces, so that single-pass ranges are begun from left to right.
    std::tuple<std::ranges::iterator_t<Rs>...> firsts{std::ranges::begin(ranges)...};
    if constexpr (zip_indexed<Rs...>) {
        using element_at = zipped<std::ranges::iterator_t<Rs>...>;
        return indexed_iterator<element_at>({std::move(firsts)}, 0);
    } else {
        return zip_iterator<std::ranges::iterator_t<Rs>...>(std::move(firsts));
    }
}

template <class... Rs>
constexpr std::size_t zip_size(Rs&... ranges) {
    return std::min({size_or_endless(ranges)...});
}

template <class... Rs>
constexpr auto zip_end(Rs&... ranges) {
    if constexpr (zip_indexed<Rs...>)
        return zip_begin(ranges...) + static_cast<std::ptrdiff_t>(zip_size(ranges...));
    else
        return zip_sentinel<std::ranges::sentinel_t<Rs>...>(
            std::tuple<std::ranges::sentinel_t<Rs>...>{std::ranges::end(ranges)...});
}

} // namespace detail

/// What `zip` returns: elements are tuples of references, and so is `value_type`, since C++20's
/// `std::tuple` has no `basic_common_reference`; only a single-pass range gives its value there,
/// as its references die while it is read on. Random-access and sized where all ranges are (an
/// endless one takes nothing away), else forward or single-pass as the weakest.
template <std::ranges::view... Views>
    requires(sizeof...(Views) > 0 && (std::ranges::input_range<Views> && ...))
class zip_view : public std::ranges::view_interface<zip_view<Views...>> {
public:
    zip_view() = default;
    /// These views side by side.
    constexpr explicit zip_view(Views... views) : views_(std::move(views)...) {}

    /// The first element of each.
    constexpr auto begin() {
        return std::apply([](Views&... views) { return detail::zip_begin(views...); }, views_);
    }
    /// The first element of each.
    constexpr auto begin() const
        requires(std::ranges::input_range<const Views> && ...)
    {
        return std::apply([](const Views&... views) { return detail::zip_begin(views...); },
                          views_);
    }
    /// Where the shortest ends.
    constexpr auto end() {
        return std::apply([](Views&... views) { return detail::zip_end(views...); }, views_);
    }
    /// Where the shortest ends.
    constexpr auto end() const
        requires(std::ranges::input_range<const Views> && ...)
    {
        return std::apply([](const Views&... views) { return detail::zip_end(views...); }, views_);
    }
    /// The length of the shortest.
    constexpr std::size_t size()
        requires detail::zip_sized<Views...>
    {
        return std::apply([](Views&... views) { return detail::zip_size(views...); }, views_);
    }
    /// The length of the shortest.
    constexpr std::size_t size() const
        requires detail::zip_sized<const Views...>
    {
        return std::apply([](const Views&... views) { return detail::zip_size(views...); }, views_);
    }

private:
    std::tuple<Views...> views_;
};

/// Elements of several ranges side by side, as tuples of references, as long as the shortest.
///
/// Ranges are kept as `std::views::all` keeps them: an lvalue is referred to, an rvalue is owned.
/// Complexity: constant in the ranges' length.
/// Threads: as its ranges; where these may be read concurrently, so may the zip.
/// Errors: those of the ranges.
template <std::ranges::viewable_range... Ranges>
    requires(sizeof...(Ranges) > 0 && (std::ranges::input_range<Ranges> && ...))
[[nodiscard]] constexpr auto zip(Ranges&&... ranges) {
    return zip_view<std::views::all_t<Ranges>...>(std::views::all(std::forward<Ranges>(ranges))...);
}

} // namespace parmap

template <class... Views>
inline constexpr bool std::ranges::enable_borrowed_range<parmap::zip_view<Views...>> =
    (std::ranges::enable_borrowed_range<Views> && ...);
