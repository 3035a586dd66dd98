// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/engine.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>

namespace parmap {

namespace detail {

/// Calls a kernel with blocks of `block` elements.
template <class T, class U, class F>
struct map_blocks_body {
    std::span<const T> in;
    U* out;
    std::size_t block;
    F& f;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for (at = items.begin; at != items.end && !watch();) {
            const std::size_t count = std::min(block, items.end - at);
            static_cast<void>(std::invoke(f, in.subspan(at, count), std::span<U>(out + at, count)));
            at += count;
        }
    }

    void discard(interval) noexcept {}
};

/// Elements a block of a kernel's input and output, so that both stay in a core's own cache.
template <class T, class U>
constexpr std::size_t cached_block() noexcept {
    constexpr std::size_t bytes = std::size_t{64} * 1024;
    return std::max<std::size_t>(bytes / (sizeof(T) + sizeof(U)), 1);
}

} // namespace detail

/// Calls `f(std::span<const T>, std::span<U>)` with matching blocks of `in` and `out`, on every
/// core: the door for any vectorised kernel. `out` may be `in`.
///
/// Blocks are contiguous, cover `in` once, and hold `grain` elements (the last one fewer) or, by
/// default, as many as a core's own cache takes.
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
    const std::size_t block =
        std::min(options.grain != 0 ? options.grain : detail::cached_block<T, U>(),
                 std::max<std::size_t>(from.size(), 1));
    using body_type = detail::map_blocks_body<T, U, std::remove_reference_t<F>>;
    body_type body{from, to.data(), block, f};
    parmap::options by_block = options;
    by_block.grain = 0; // blocks are claimed as their time suggests
    detail::engine(by_block, detail::memory_of<body_type>).run({from.size(), block}, body);
}

} // namespace parmap
