// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/huge_pages.hpp>
#include <parmap/runtime/detail/raw_memory.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

// Memory in which the threads of a call construct its results, each in its place, and which ends as
// the std::vector that the caller gets. docs/design/results.md weighs the ways.

namespace parmap::detail {

// Whether the standard library keeps books of what a vector holds: memory beyond its size may then
// not be written.
#if defined(_GLIBCXX_DEBUG) || defined(_GLIBCXX_SANITIZE_VECTOR)
inline constexpr bool vectors_are_watched = true;
#elif defined(__GLIBCXX__)
inline constexpr bool vectors_are_watched = false;
#elif defined(__SANITIZE_ADDRESS__)
inline constexpr bool vectors_are_watched = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool vectors_are_watched = true;
#else
inline constexpr bool vectors_are_watched = false;
#endif
#elif defined(_ITERATOR_DEBUG_LEVEL) && _ITERATOR_DEBUG_LEVEL > 0
inline constexpr bool vectors_are_watched = true;
#else
inline constexpr bool vectors_are_watched = false;
#endif

/// Sets the size of a vector, where a derived class can: libstdc++ keeps the ends in a member that
/// is public in a protected base. Elsewhere, and should that ever change, `reachable` is false.
template <class T>
struct vector_end : std::vector<T> {
    static constexpr bool reachable() noexcept {
        return requires(vector_end& v, T* end) {
            requires std::same_as<decltype(v._M_impl._M_start), T*>;
            v._M_impl._M_finish = end;
        };
    }

    static void set(std::vector<T>& v, std::size_t size) noexcept {
        auto impl = &vector_end::_M_impl;
        (v.*impl)._M_finish = (v.*impl)._M_start + size;
    }
};

#ifdef __GLIBCXX__
template <class T>
concept grows_in_place = !vectors_are_watched && vector_end<T>::reachable();
#else
template <class>
concept grows_in_place = false;
#endif

/// Results in the memory of the vector itself, beyond its end.
template <class T>
class vector_memory {
public:
    [[nodiscard]] T* data() noexcept { return vector_.data(); }

protected:
    explicit vector_memory(std::size_t count) : count_(count) {
        vector_.reserve(count);
        request_huge_pages(vector_.data(), count * sizeof(T));
    }

    std::size_t count_;
    std::vector<T> vector_;
};

/// The vector is told of them once all have been constructed.
template <class T>
class reserved_results : public vector_memory<T> {
public:
    explicit reserved_results(std::size_t count) : vector_memory<T>(count) {}

    [[nodiscard]] std::vector<T> take() noexcept {
        vector_end<T>::set(this->vector_, this->count_);
        return std::move(this->vector_);
    }
};

/// Goes over results as values, by themselves.
template <class T>
class value_iterator {
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = T;

    value_iterator() = default;
    explicit value_iterator(const T* at) noexcept : at_(at) {}

    T operator*() const noexcept { return *at_; }
    value_iterator& operator++() noexcept {
        ++at_;
        return *this;
    }
    value_iterator operator++(int) noexcept { return value_iterator(at_++); }
    friend bool operator==(const value_iterator&, const value_iterator&) = default;
    friend difference_type operator-(const value_iterator& a, const value_iterator& b) noexcept {
        return a.at_ - b.at_;
    }

private:
    const T* at_ = nullptr;
};

/// Each is then inserted at the vector's end as a copy of what stands there. An optimiser sees that
/// nothing is to be done, and leaves the loop out.
template <class T>
class adopted_results : public vector_memory<T> {
public:
    explicit adopted_results(std::size_t count) : vector_memory<T>(count) {}

    [[nodiscard]] std::vector<T> take() noexcept {
        std::vector<T>& vector = this->vector_;
        const T* const first = std::to_address(vector.end());
        vector.insert(vector.end(), value_iterator<T>(first),
                      value_iterator<T>(first + this->count_));
        return std::move(vector);
    }
};

/// Results in a vector of values that are overwritten: for types where that makes no difference.
template <class T>
class overwritten_results {
public:
    explicit overwritten_results(std::size_t count) : vector_(count) {}

    [[nodiscard]] T* data() noexcept { return vector_.data(); }
    [[nodiscard]] std::vector<T> take() noexcept { return std::move(vector_); }

private:
    std::vector<T> vector_;
};

/// Results in memory of their own, moved into a vector at the end.
template <class T>
class moved_results {
public:
    explicit moved_results(std::size_t count) : count_(count), memory_(count) {}

    [[nodiscard]] T* data() noexcept { return memory_.data(); }

    [[nodiscard]] std::vector<T> take() {
        const results all{data(), count_};
        return std::vector<T>(std::make_move_iterator(data()),
                              std::make_move_iterator(data() + count_));
    }

private:
    // Destroys the results whether or not moving them throws.
    struct results {
        ~results() { std::destroy_n(first, count); }
        T* first;
        std::size_t count;
    };

    std::size_t count_;
    raw_memory<T> memory_;
};

template <class T>
concept adoptable = !vectors_are_watched && std::is_trivially_copyable_v<T> && std::copyable<T>;

template <class T>
concept overwritable =
    std::is_trivially_copyable_v<T> && std::is_trivially_default_constructible_v<T>;

/// The first way that holds for T.
template <class T>
constexpr auto result_buffer_for() noexcept {
    if constexpr (std::same_as<T, bool>) {
        // std::vector<bool> packs what threads must not share.
        return std::type_identity<moved_results<T>>{};
    } else if constexpr (grows_in_place<T>) {
        return std::type_identity<reserved_results<T>>{};
    } else if constexpr (adoptable<T>) {
        return std::type_identity<adopted_results<T>>{};
    } else if constexpr (overwritable<T>) {
        return std::type_identity<overwritten_results<T>>{};
    } else {
        return std::type_identity<moved_results<T>>{};
    }
}

/// Where `count` results of type T are constructed, from `data()` on.
///
/// Owns the memory, not the results: who constructs them destroys them, until `take()`.
/// Errors: std::length_error or std::bad_alloc from the constructor.
template <class T>
using result_buffer = typename decltype(result_buffer_for<T>())::type;

} // namespace parmap::detail
