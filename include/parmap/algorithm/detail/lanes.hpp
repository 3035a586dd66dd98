// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/simd/detail/build.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

// Kernels over one leaf: elements side by side, in an order that depends on their number alone.
// They are written in the compilers' vector types, since g++ 12 vectorises no such loop at -O2.

namespace parmap::detail {

/// Elements a leaf of a reduction over numbers.
inline constexpr std::size_t leaf_size = 1024;

/// Numbers that stand in the compilers' vectors.
template <class S>
inline constexpr bool has_lanes =
    std::same_as<S, float> || std::same_as<S, double> ||
    (std::integral<S> && !std::same_as<S, bool> && !std::same_as<S, wchar_t> &&
     !std::same_as<S, char8_t> && !std::same_as<S, char16_t> && !std::same_as<S, char32_t>);

/// So many lanes that additions need not wait for one another: eight registers of SSE2 or NEON.
template <class T>
inline constexpr std::size_t lane_count = has_lanes<T> ? 128 / sizeof(T) : 16;

// What a register holds of T. Lanes and their order are the same whatever its size.
#if defined(__AVX512F__)
inline constexpr std::size_t register_size = 64;
#elif defined(__AVX__)
inline constexpr std::size_t register_size = 32;
#else
inline constexpr std::size_t register_size = 16;
#endif

template <class T, bool Vector = has_lanes<T>>
struct register_of {
    using type = T;
    static constexpr std::size_t lanes = 1;
};

template <class T>
struct register_of<T, true> {
    static constexpr std::size_t lanes = register_size / sizeof(T);
    typedef T type __attribute__((vector_size(register_size)));
};

template <class S, std::size_t N>
struct vector_of {
    typedef S type __attribute__((vector_size(N * sizeof(S))));
};

/// A number for each lane, in registers. Loops over those are written out, or g++ would keep them
/// in memory.
template <class T>
class row {
public:
    static constexpr std::size_t width = lane_count<T>;

    /// Loads numbers and changes each register of them by `change(register)`.
    template <class S, class Change>
    void load(const S* from, const Change& change) {
        each([&](auto& x, std::size_t i) {
            load_register(x, from + i * lanes);
            change(x);
        });
    }

    /// The same, gathered by `gather(register, loaded)`.
    template <class S, class Change, class Gather>
    void load_and_gather(const S* from, const Change& change, const Gather& gather) {
        each([&](auto& x, std::size_t i) {
            register_type loaded;
            load_register(loaded, from + i * lanes);
            change(loaded);
            gather(x, loaded);
        });
    }

    /// Calls `f(register, other's register)` with each.
    template <class F>
    void gather(const F& f, const row& other) {
        each([&](auto& x, std::size_t i) { f(x, other.registers_[i]); });
    }

    void store(T* to) const { std::memcpy(to, registers_, sizeof(registers_)); }

private:
    using register_type = typename register_of<T>::type;
    static constexpr std::size_t lanes = register_of<T>::lanes;
    static constexpr std::size_t count = width / lanes;

    template <class F>
    [[gnu::always_inline]] void each(const F& f) {
        [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            (f(registers_[I], I), ...);
        }(std::make_index_sequence<count>());
    }

    template <class S>
    [[gnu::always_inline]] static void load_register(register_type& into, const S* from) {
        if constexpr (!has_lanes<T>) {
            into = static_cast<T>(*from);
        } else if constexpr (std::same_as<S, T>) {
            std::memcpy(&into, from, sizeof(into));
        } else {
            typename vector_of<S, lanes>::type x;
            std::memcpy(&x, from, sizeof(x));
            into = __builtin_convertvector(x, register_type);
        }
    }

    register_type registers_[count];
};

/// How numbers are gathered into one, and what leaves a number as it is.
struct adding {
    template <class T>
    static constexpr T neutral = 0;
    template <class V>
    void operator()(V& total, const V& x) const {
        total += x;
    }
};

struct multiplying {
    template <class T>
    static constexpr T neutral = 1;
    template <class V>
    void operator()(V& total, const V& x) const {
        total *= x;
    }
};

/// What becomes of an element before it is gathered.
struct unchanged {
    template <class V>
    void operator()(V&) const {}
};

template <class T>
struct less_shift {
    T shift;
    template <class V>
    void operator()(V& x) const {
        x -= shift;
    }
};

template <class T>
struct squared_deviation {
    T shift, mean;
    template <class V>
    void operator()(V& x) const {
        x -= shift;
        x -= mean;
        x *= V(x);
    }
};

/// Elements of a leaf, as T, gathered into one.
///
/// Rows of a number for each lane go down in blocks of 256 numbers, the blocks are gathered as a
/// tree, and so are the lanes at last: no number passes through more than 23 roundings, nor through
/// more than 16 + log2 of how many there are.
template <class T, class Gather, class Change>
class leaf_gathering {
public:
    leaf_gathering(const Gather& gather, const Change& change) : gather_(gather), change_(change) {}

    template <class S>
    T operator()(const S* x, std::size_t n) const {
        if (n <= 16)
            return one_by_one(x, n);
        if constexpr (std::integral<T> && !std::same_as<S, T>)
            return four_by_four(x, n);
        const std::size_t whole = n / width * width;
        row<T> total;
        if (whole == 0) {
            part_of_row(total, x, n);
            return across(total);
        }
        blocks(total, x, whole / width);
        if (whole != n) {
            row<T> rest;
            part_of_row(rest, x + whole, n - whole);
            total.gather(gather_, rest);
        }
        return across(total);
    }

private:
    static constexpr std::size_t width = lane_count<T>;
    static constexpr std::size_t rows_a_block = 256 / width;

    template <class S>
    T one_by_one(const S* x, std::size_t n) const {
        T total = Gather::template neutral<T>;
        for (std::size_t i = 0; i != n; ++i) {
            T next = static_cast<T>(x[i]);
            change_(next);
            gather_(total, next);
        }
        return total;
    }

    // Whole numbers in any order; widening them one by one is faster than doing so in registers.
    template <class S>
    T four_by_four(const S* x, std::size_t n) const {
        T total = one_by_one(x, n % 4);
        const T none = Gather::template neutral<T>;
        T others[3] = {none, none, none};
        for (std::size_t i = n % 4; i != n; i += 4) {
            gather_(total, static_cast<T>(x[i]));
            gather_(others[0], static_cast<T>(x[i + 1]));
            gather_(others[1], static_cast<T>(x[i + 2]));
            gather_(others[2], static_cast<T>(x[i + 3]));
        }
        for (T other : others)
            gather_(total, other);
        return total;
    }

    template <class S>
    void part_of_row(row<T>& into, const S* x, std::size_t n) const {
        T part[width];
        for (std::size_t i = 0; i != width; ++i) {
            part[i] = Gather::template neutral<T>;
            if (i < n) {
                part[i] = static_cast<T>(x[i]);
                change_(part[i]);
            }
        }
        into.load(part, unchanged());
    }

    // Up to four blocks.
    template <class S>
    void blocks(row<T>& total, const S* x, std::size_t rows) const {
        row<T> right, last;
        block(total, x, rows, 0);
        if (rows > rows_a_block) {
            block(right, x, rows, 1);
            total.gather(gather_, right);
        }
        if (rows > 2 * rows_a_block) {
            block(right, x, rows, 2);
            if (rows > 3 * rows_a_block) {
                block(last, x, rows, 3);
                right.gather(gather_, last);
            }
            total.gather(gather_, right);
        }
    }

    template <class S>
    void block(row<T>& into, const S* x, std::size_t rows, std::size_t which) const {
        const std::size_t first = which * rows_a_block;
        const std::size_t end = std::min(rows, first + rows_a_block);
        row<T> total;
        total.load(x + first * width, change_);
        for (std::size_t i = first + 1; i < end; ++i)
            total.load_and_gather(x + i * width, change_, gather_);
        into = total;
    }

    T across(const row<T>& total) const {
        T x[width];
        total.store(x);
        for (std::size_t half = width / 2; half != 0; half /= 2) {
            for (std::size_t i = 0; i != half; ++i)
                gather_(x[i], x[i + half]);
        }
        return x[0];
    }

    Gather gather_;
    Change change_;
};

/// One copy for all calls, so that none is compiled to other bits. `Build`: see there.
template <class T, class Gather, std::uint64_t Build = this_build, class S, class Change>
[[gnu::noinline]] T gather_leaf(const S* x, std::size_t n, Change change) {
    return leaf_gathering<T, Gather, Change>({}, change)(x, n);
}

} // namespace parmap::detail
