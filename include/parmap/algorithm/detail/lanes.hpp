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
    [[gnu::always_inline]] void load(const S* from, const Change& change) {
        each([&](auto& x, std::size_t i) {
            load_register(x, from + i * lanes);
            change(x);
        });
    }

    /// The same, gathered by `gather(register, loaded)`.
    template <class S, class Change, class Gather>
    [[gnu::always_inline]] void load_and_gather(const S* from, const Change& change,
                                                const Gather& gather) {
        each([&](auto& x, std::size_t i) {
            register_type loaded;
            load_register(loaded, from + i * lanes);
            change(loaded);
            gather(x, loaded);
        });
    }

    /// Calls `f(register, other's register)` with each.
    template <class F>
    [[gnu::always_inline]] void gather(const F& f, const row& other) {
        each([&](auto& x, std::size_t i) { f(x, other.registers_[i]); });
    }

    /// All lanes gathered into one: the lower half with the upper one, until one is left.
    template <class F>
    [[gnu::always_inline]] T across(const F& f) const {
        row halves = *this;
        halves.template gather_halves<count / 2>(f);
        T x[lanes];
        std::memcpy(x, halves.registers_, sizeof(x));
        for (std::size_t half = lanes / 2; half != 0; half /= 2) {
            for (std::size_t i = 0; i != half; ++i)
                f(x[i], x[i + half]);
        }
        return x[0];
    }

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

    template <std::size_t half, class F>
    [[gnu::always_inline]] void gather_halves(const F& f) {
        if constexpr (half != 0) {
            [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
                (f(registers_[I], registers_[I + half]), ...);
            }(std::make_index_sequence<half>());
            gather_halves<half / 2>(f);
        }
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

struct keeping_least {
    template <class T>
    static constexpr T neutral =
        std::numeric_limits<T>::has_infinity ? std::numeric_limits<T>::infinity()
                                             : std::numeric_limits<T>::max();
    template <class V>
    void operator()(V& total, const V& x) const {
        total = x < total ? x : total;
    }
};

struct keeping_greatest {
    template <class T>
    static constexpr T neutral =
        std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                             : std::numeric_limits<T>::lowest();
    template <class V>
    void operator()(V& total, const V& x) const {
        total = total < x ? x : total;
    }
};

/// A NaN, if there is one.
struct keeping_nan {
    template <class T>
    static constexpr T neutral = 0;
    template <class V>
    void operator()(V& total, const V& x) const {
        total = x != x ? x : total;
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
        if (whole == 0)
            return part_of_row(x, n).across(gather_);
        row<T> total = blocks(x, whole / width);
        if (whole != n)
            total.gather(gather_, part_of_row(x + whole, n - whole));
        return total.across(gather_);
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
    row<T> part_of_row(const S* x, std::size_t n) const {
        T part[width];
        for (std::size_t i = 0; i != width; ++i) {
            part[i] = Gather::template neutral<T>;
            if (i < n) {
                part[i] = static_cast<T>(x[i]);
                change_(part[i]);
            }
        }
        row<T> into;
        into.load(part, unchanged());
        return into;
    }

    // Up to four blocks.
    template <class S>
    [[gnu::always_inline]] row<T> blocks(const S* x, std::size_t rows) const {
        row<T> total = block(x, rows, 0);
        if (rows > rows_a_block)
            total.gather(gather_, block(x, rows, 1));
        if (rows > 2 * rows_a_block) {
            row<T> right = block(x, rows, 2);
            if (rows > 3 * rows_a_block)
                right.gather(gather_, block(x, rows, 3));
            total.gather(gather_, right);
        }
        return total;
    }

    template <class S>
    [[gnu::always_inline]] row<T> block(const S* x, std::size_t rows, std::size_t which) const {
        if constexpr (std::same_as<Change, unchanged>) {
            return rows_of_block(x, rows, which);
        } else {
            return rows_with_all_registers(x, rows, which);
        }
    }

    template <class S>
    [[gnu::noinline]] row<T> rows_with_all_registers(const S* x, std::size_t rows,
                                                     std::size_t which) const {
        return rows_of_block(x, rows, which);
    }

    // Three at a time: a core foresees where so few steps end, and not where fifteen do.
    template <class S>
    [[gnu::always_inline]] row<T> rows_of_block(const S* x, std::size_t rows,
                                                std::size_t which) const {
        const std::size_t first = which * rows_a_block;
        const S* at = x + first * width;
        const S* const end = x + std::min(rows, first + rows_a_block) * width;
        row<T> total;
        total.load(at, change_);
        at += width;
        for (; end - at >= 3 * static_cast<std::ptrdiff_t>(width); at += 3 * width) {
            total.load_and_gather(at, change_, gather_);
            total.load_and_gather(at + width, change_, gather_);
            total.load_and_gather(at + 2 * width, change_, gather_);
        }
        for (; at != end; at += width)
            total.load_and_gather(at, change_, gather_);
        return total;
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
