// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace parmap {
namespace detail {

template <class I>
concept count_type = std::integral<I> && sizeof(I) <= sizeof(std::uintmax_t);

// Out of line of the checks, so that these stay small enough to be inlined.
[[noreturn]] inline void throw_bad_count(const char* name, const std::string& value,
                                         const char* why) {
    throw std::invalid_argument(std::string(name) + " = " + value + " " + why);
}

template <count_type I>
constexpr std::size_t checked_not_negative(const char* name, I value) {
    if constexpr (std::is_signed_v<I>) {
        if (value < 0)
            throw_bad_count(name, std::to_string(value), "is negative");
    }
    return static_cast<std::size_t>(value);
}

// No more than a difference_type can tell, or distances would wrap round.
template <count_type I>
constexpr std::size_t checked_count(const char* name, I value) {
    const std::size_t count = checked_not_negative(name, value);
    if (static_cast<std::uintmax_t>(value) > static_cast<std::uintmax_t>(PTRDIFF_MAX))
        throw_bad_count(name, std::to_string(value), "is more than PTRDIFF_MAX");
    return count;
}

// A position and a rule that makes the element there. Everything an iterator points to is in
// the iterator itself, so a copy outlives the view and is safe to read from many threads.
template <std::copyable ElementAt>
    requires std::invocable<const ElementAt&, std::ptrdiff_t>
class indexed_iterator {
    static constexpr bool quiet = noexcept(std::declval<const ElementAt&>()(std::ptrdiff_t{}));

public:
    using iterator_concept = std::random_access_iterator_tag;
    using iterator_category = std::input_iterator_tag; // elements are made, not referred to
    using difference_type = std::ptrdiff_t;
    using value_type = std::invoke_result_t<const ElementAt&, std::ptrdiff_t>;
    using reference = value_type;
    using pointer = void;

    indexed_iterator() = default;
    constexpr indexed_iterator(ElementAt element_at, difference_type position) noexcept(
        std::is_nothrow_move_constructible_v<ElementAt>)
        : element_at_(std::move(element_at)), position_(position) {}

    constexpr reference operator*() const noexcept(quiet) { return element_at_(position_); }
    constexpr reference operator[](difference_type n) const noexcept(quiet) {
        // Summed without a sign, or g++ finds no stride in it and vectorises no loop over it.
        return element_at_(static_cast<difference_type>(static_cast<std::size_t>(position_) +
                                                        static_cast<std::size_t>(n)));
    }

    constexpr indexed_iterator& operator++() noexcept { return *this += 1; }
    constexpr indexed_iterator& operator--() noexcept { return *this -= 1; }
    constexpr indexed_iterator operator++(int) { return std::exchange(*this, *this + 1); }
    constexpr indexed_iterator operator--(int) { return std::exchange(*this, *this - 1); }
    constexpr indexed_iterator& operator+=(difference_type n) noexcept {
        position_ += n;
        return *this;
    }
    constexpr indexed_iterator& operator-=(difference_type n) noexcept {
        position_ -= n;
        return *this;
    }

    friend constexpr indexed_iterator operator+(indexed_iterator it, difference_type n) {
        return it += n;
    }
    friend constexpr indexed_iterator operator+(difference_type n, indexed_iterator it) {
        return it += n;
    }
    friend constexpr indexed_iterator operator-(indexed_iterator it, difference_type n) {
        return it -= n;
    }
    friend constexpr difference_type operator-(const indexed_iterator& a,
                                               const indexed_iterator& b) noexcept {
        return a.position_ - b.position_;
    }
    friend constexpr bool operator==(const indexed_iterator& a,
                                     const indexed_iterator& b) noexcept {
        return a.position_ == b.position_;
    }
    friend constexpr std::strong_ordering operator<=>(const indexed_iterator& a,
                                                      const indexed_iterator& b) noexcept {
        return a.position_ <=> b.position_;
    }

private:
    [[no_unique_address]] ElementAt element_at_{};
    difference_type position_ = 0;
};

template <std::copyable ElementAt>
class indexed_view : public std::ranges::view_interface<indexed_view<ElementAt>> {
public:
    indexed_view() = default;
    constexpr indexed_view(ElementAt element_at, std::size_t size) noexcept
        : element_at_(std::move(element_at)), size_(size) {}

    constexpr auto begin() const noexcept { return indexed_iterator<ElementAt>(element_at_, 0); }
    constexpr auto end() const noexcept {
        return indexed_iterator<ElementAt>(element_at_, static_cast<std::ptrdiff_t>(size_));
    }
    constexpr std::size_t size() const noexcept { return size_; }

private:
    [[no_unique_address]] ElementAt element_at_{};
    std::size_t size_ = 0;
};

struct index_itself {
    constexpr std::size_t operator()(std::ptrdiff_t position) const noexcept {
        return static_cast<std::size_t>(position);
    }
};

} // namespace detail

/// What `indices` returns. Its iterators stay valid after it.
using indices_view = detail::indexed_view<detail::index_itself>;

/// The indices 0 .. n-1 as std::size_t: a random-access, sized, borrowed view of any integral n.
///
/// Complexity: constant; nothing is stored but n.
/// Threads: one view or iterator may be read by any number of threads.
/// Errors: `std::invalid_argument` that names n, if it is negative or more than PTRDIFF_MAX.
template <detail::count_type I>
[[nodiscard]] constexpr indices_view indices(I n) {
    return {detail::index_itself{}, detail::checked_count("parmap::indices: n", n)};
}

} // namespace parmap

template <class ElementAt>
inline constexpr bool std::ranges::enable_borrowed_range<parmap::detail::indexed_view<ElementAt>> =
    true;
