// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/raw_memory.hpp>

#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

// Memory in which the threads of a call construct its results, each in its place, and which ends as
// the std::vector that the caller gets.

namespace parmap::detail {

// libstdc++ keeps a vector's end in a protected member, which a derived class may name: results are
// constructed in reserved memory and the vector is told of them. Its debug mode and its annotated
// vector keep books of their own and are left alone.
#if defined(__GLIBCXX__) && !defined(_GLIBCXX_DEBUG) && !defined(_GLIBCXX_SANITIZE_VECTOR)
inline constexpr bool vector_grows_in_place = true;

template <class T>
struct vector_end : std::vector<T> {
    static void set(std::vector<T>& v, std::size_t size) noexcept {
        auto impl = &vector_end::_M_impl;
        (v.*impl)._M_finish = (v.*impl)._M_start + size;
    }
};
#else
inline constexpr bool vector_grows_in_place = false;

template <class T>
struct vector_end {
    static void set(std::vector<T>&, std::size_t) noexcept;
};
#endif

/// Results in the memory of the vector itself.
template <class T>
class reserved_results {
public:
    explicit reserved_results(std::size_t count) : count_(count) { vector_.reserve(count); }

    [[nodiscard]] T* data() noexcept { return vector_.data(); }

    /// The vector, once all results have been constructed.
    [[nodiscard]] std::vector<T> take() noexcept {
        vector_end<T>::set(vector_, count_);
        return std::move(vector_);
    }

private:
    std::size_t count_;
    std::vector<T> vector_;
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
inline constexpr bool overwritable =
    std::is_trivially_copyable_v<T> && std::is_trivially_default_constructible_v<T>;

template <class T>
using result_buffer_for = std::conditional_t<
    std::is_same_v<T, bool>,
    moved_results<bool>, // std::vector<bool> packs what threads must not share
    std::conditional_t<
        vector_grows_in_place, reserved_results<T>,
        std::conditional_t<overwritable<T>, overwritten_results<T>, moved_results<T>>>>;

/// Where `count` results of type T are constructed, from `data()` on.
///
/// Owns the memory, not the results: who constructs them destroys them, until `take()`.
/// Errors: std::length_error or std::bad_alloc from the constructor.
template <class T>
using result_buffer = result_buffer_for<T>;

} // namespace parmap::detail
