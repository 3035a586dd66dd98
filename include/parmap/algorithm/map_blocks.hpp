// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/caches.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/result_buffer.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace parmap {

namespace detail {

enum class outputs { given, made };

/// Calls a kernel with blocks of `block` elements; where outputs are not given, a block's is made
/// just before its call.
template <outputs how, class T, class U, class F>
struct map_blocks_body {
    std::span<const T> in;
    U* out;
    std::size_t block;
    F& f;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for (at = items.begin; at != items.end && !watch();) {
            const std::size_t count = std::min(block, items.end - at);
            fill(in.subspan(at, count), {out + at, count});
            at += count;
        }
    }

    void discard(interval items) noexcept {
        if constexpr (how == outputs::made)
            std::destroy(out + items.begin, out + items.end);
    }

private:
    void fill(std::span<const T> from, std::span<U> to) {
        if constexpr (how == outputs::given) {
            static_cast<void>(std::invoke(f, from, to));
        } else {
            std::uninitialized_value_construct(to.begin(), to.end());
            try {
                static_cast<void>(std::invoke(f, from, to));
            } catch (...) {
                std::destroy(to.begin(), to.end());
                throw;
            }
        }
    }
};

template <outputs how, class T, class U, class F>
void run_blocks(std::span<const T> in, U* out, F& f, const options& options) {
    const std::size_t block =
        std::min(options.grain != 0 ? options.grain : cached_elements(sizeof(T) + sizeof(U)),
                 std::max<std::size_t>(in.size(), 1));
    using body_type = map_blocks_body<how, T, U, F>;
    body_type body{in, out, block, f};
    parmap::options by_block = options;
    by_block.grain = 0; // blocks are claimed as their time suggests
    engine(by_block, memory_of<body_type>).run({in.size(), block}, body);
}

} // namespace detail

/// Calls `f(std::span<const T>, std::span<U>)` with matching blocks of `in` and `out`, on every
/// core: the door for any vectorised kernel. `out` may be `in`.
///
/// Blocks are contiguous, cover `in` once, and hold `grain` elements (the last one fewer) or, by
/// default, so many that a block of both takes half of a core's first cache: a power of two, which
/// depends on the element types and the machine alone.
///
/// - Complexity: one call of `f` for each block; O(threads) memory.
/// - Threads: may be called from any thread, and from inside any other call, on outputs of its own.
/// - Errors: `std::length_error` before any call of `f` if `out` is shorter than `in`. Else the
///   exception of the lowest block that throws.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if blocks were left out.
/// - Blocking: until every block has run; the caller works too.
///
/// Example: examples/04_complex_operation.cpp
template <contiguous_sized_range In, contiguous_sized_range Out, class F>
    requires block_kernel<F, In, Out>
void parallel_map_blocks(In&& in, Out&& out, F&& f, const options& options = {}) {
    using T = std::remove_cvref_t<std::ranges::range_reference_t<In>>;
    using U = std::remove_reference_t<std::ranges::range_reference_t<Out>>;
    const std::span<const T> from(in);
    const std::span<U> to(out);
    if (to.size() < from.size()) {
        throw std::length_error("parmap::parallel_map_blocks: the output has " +
                                std::to_string(to.size()) + " places for " +
                                std::to_string(from.size()) + " elements");
    }
    detail::run_blocks<detail::outputs::given>(from, to.data(), f, options);
}

/// The same into a fresh `std::vector<U>`, which is returned: `parallel_map_blocks<double>(in, f)`.
///
/// What `f` is given to write to are values as `U()` makes them, zeros for numbers, made just
/// before by the thread that calls it: a large result costs no more than its memory.
///
/// - Complexity: one call of `f` for each block; one allocation for the results, and O(threads)
///   besides.
/// - Errors: the exception of the lowest block that throws; every result is destroyed.
///
/// All else is as above.
template <std::default_initializable U, contiguous_sized_range In, class F>
    requires block_kernel<F, In, std::span<U>>
std::vector<U> parallel_map_blocks(In&& in, F&& f, const options& options = {}) {
    using T = std::remove_cvref_t<std::ranges::range_reference_t<In>>;
    const std::span<const T> from(in);
    detail::result_buffer<U> results(from.size());
    detail::run_blocks<detail::outputs::made>(from, results.data(), f, options);
    return results.take();
}

} // namespace parmap
