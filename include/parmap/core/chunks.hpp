// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/indices.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <iterator>
#include <limits>
#include <ranges>
#include <type_traits>
#include <utility>

namespace parmap {
namespace detail {

template <class R>
concept chunks_indexed = std::ranges::random_access_range<R> && std::ranges::sized_range<R>;

constexpr std::ptrdiff_t chunks_needed(std::ptrdiff_t length, std::ptrdiff_t n) noexcept {
    return length / n + (length % n != 0 ? 1 : 0);
}

template <std::random_access_iterator It>
struct chunk_at {
    It first{};
    std::ptrdiff_t length = 0;
    std::ptrdiff_t n = 1;

    constexpr std::ranges::subrange<It> operator()(std::ptrdiff_t chunk) const {
        const std::ptrdiff_t begin = chunk * n;
        const std::ptrdiff_t end = begin + std::min(n, length - begin);
        return {first + static_cast<std::iter_difference_t<It>>(begin),
                first + static_cast<std::iter_difference_t<It>>(end)};
    }
};

// Where a chunk ends is found once, on arrival, so that reading it twice walks nothing twice.
template <std::forward_iterator It, std::sentinel_for<It> End>
class chunk_iterator {
    using base_difference = std::iter_difference_t<It>;

public:
    using iterator_concept = std::forward_iterator_tag;
    using iterator_category = std::input_iterator_tag; // elements are made, not referred to
    using difference_type = std::ptrdiff_t;
    using value_type = std::ranges::subrange<It, It, std::ranges::subrange_kind::sized>;
    using reference = value_type;
    using pointer = void;

    chunk_iterator() = default;
    constexpr chunk_iterator(It first, End end, std::ptrdiff_t n)
        : next_(std::move(first)), end_(std::move(end)), n_(n) {
        ++*this;
    }

    constexpr reference operator*() const {
        using size_type = decltype(std::declval<const value_type&>().size());
        return {first_, next_, static_cast<size_type>(length_)};
    }
    constexpr chunk_iterator& operator++() {
        first_ = next_;
        length_ = n_ - static_cast<std::ptrdiff_t>(std::ranges::advance(next_, step(), end_));
        return *this;
    }
    constexpr chunk_iterator operator++(int) {
        chunk_iterator before = *this;
        ++*this;
        return before;
    }

    friend constexpr bool operator==(const chunk_iterator& a, const chunk_iterator& b) {
        return a.first_ == b.first_;
    }
    friend constexpr bool operator==(const chunk_iterator& it, std::default_sentinel_t) {
        return it.first_ == it.end_;
    }

private:
    constexpr base_difference step() const noexcept { return static_cast<base_difference>(n_); }

    It first_{}, next_{};
    End end_{};
    std::ptrdiff_t length_ = 0;
    std::ptrdiff_t n_ = 1;
};

template <class R>
constexpr auto chunks_begin(R& range, std::ptrdiff_t n) {
    using iterator = std::ranges::iterator_t<R>;
    if constexpr (chunks_indexed<R>) {
        const auto length = static_cast<std::ptrdiff_t>(std::ranges::size(range));
        return indexed_iterator<chunk_at<iterator>>({std::ranges::begin(range), length, n}, 0);
    } else {
        return chunk_iterator<iterator, std::ranges::sentinel_t<R>>(std::ranges::begin(range),
                                                                    std::ranges::end(range), n);
    }
}

template <class R>
constexpr auto chunks_end(R& range, std::ptrdiff_t n) {
    if constexpr (chunks_indexed<R>)
        return chunks_begin(range, n) +
               chunks_needed(static_cast<std::ptrdiff_t>(std::ranges::size(range)), n);
    else
        return std::default_sentinel;
}

// A range whose distances are narrower than std::ptrdiff_t cannot be longer than they can tell.
template <class R>
constexpr std::ptrdiff_t chunk_length(std::size_t n) noexcept {
    using difference = std::ranges::range_difference_t<R>;
    auto length = static_cast<std::ptrdiff_t>(n);
    if constexpr (sizeof(difference) < sizeof(std::ptrdiff_t))
        length = std::min<std::ptrdiff_t>(length, std::numeric_limits<difference>::max());
    return length;
}

template <count_type I>
constexpr std::size_t checked_chunk(I n) {
    if (n == 0)
        throw_bad_count("parmap::chunks: n", "0", "makes no chunk");
    return checked_count("parmap::chunks: n", n);
}

} // namespace detail

/// What `chunks` returns: elements are sized subranges of its range. Random-access and sized
/// where the range is, else forward.
template <std::ranges::view View>
    requires std::ranges::forward_range<View>
class chunks_view : public std::ranges::view_interface<chunks_view<View>> {
public:
    chunks_view()
        requires std::default_initializable<View>
    = default;
    /// Subranges of `n` elements of a range.
    constexpr chunks_view(View base, std::size_t n)
        : base_(std::move(base)), n_(detail::chunk_length<View>(n)) {}

    /// The first subrange.
    constexpr auto begin() { return detail::chunks_begin(base_, n_); }
    /// The first subrange.
    constexpr auto begin() const
        requires std::ranges::forward_range<const View>
    {
        return detail::chunks_begin(base_, n_);
    }
    /// Behind the last subrange.
    constexpr auto end() { return detail::chunks_end(base_, n_); }
    /// Behind the last subrange.
    constexpr auto end() const
        requires std::ranges::forward_range<const View>
    {
        return detail::chunks_end(base_, n_);
    }
    /// How many subranges there are.
    constexpr std::size_t size()
        requires std::ranges::sized_range<View>
    {
        return size_of(base_);
    }
    /// How many subranges there are.
    constexpr std::size_t size() const
        requires std::ranges::sized_range<const View>
    {
        return size_of(base_);
    }

private:
    template <class Base>
    constexpr std::size_t size_of(Base& base) const {
        const auto length = static_cast<std::ptrdiff_t>(std::ranges::size(base));
        return static_cast<std::size_t>(detail::chunks_needed(length, n_));
    }

    View base_{};
    std::ptrdiff_t n_ = 1;
};

/// Contiguous sized subranges of n elements, in order, the last one shorter.
///
/// The range is kept as `std::views::all` keeps it: an lvalue is referred to, an rvalue is owned.
/// Complexity: constant where the range is random-access and sized; else each step walks n.
/// Threads: as the range.
/// Errors: `std::invalid_argument` that names n, if it is 0, negative or more than PTRDIFF_MAX.
template <std::ranges::viewable_range Range, detail::count_type I>
    requires std::ranges::forward_range<Range>
[[nodiscard]] constexpr auto chunks(Range&& range, I n) {
    const std::size_t length = detail::checked_chunk(n);
    return chunks_view<std::views::all_t<Range>>(std::views::all(std::forward<Range>(range)),
                                                 length);
}

} // namespace parmap

template <class View>
inline constexpr bool std::ranges::enable_borrowed_range<parmap::chunks_view<View>> =
    std::ranges::enable_borrowed_range<View>;
