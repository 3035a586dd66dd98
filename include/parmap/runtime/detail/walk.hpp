// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/batch.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/function_memory.hpp>
#include <parmap/runtime/detail/pace.hpp>

#include <cstddef>
#include <exception>

namespace parmap::detail {

/// What is remembered of a walk with a sink.
template <class Range, batch_sink Sink>
site_memory& memory_of_walk(Sink& sink) noexcept {
    if constexpr (requires { sink.f; }) {
        return memory_for<range_reader<Range, Sink>>(sink.f);
    } else {
        return memory_of<range_reader<Range, Sink>>;
    }
}

/// Takes the elements of a range that can only be walked through a sink. Returns null if all have
/// run, or what a call with elements left out is to throw.
template <class Range, batch_sink Sink>
std::exception_ptr walk(Range& range, Sink& sink, const options& options) {
    const std::size_t total = size_if_known(range); // before begin(), for a single-pass range
    range_reader<Range, Sink> reader(range, sink);
    return engine(options, memory_of_walk<Range>(sink)).run(reader, total);
}

/// The same where no element may be left out.
template <class Range, batch_sink Sink>
void walk_all(Range& range, Sink& sink, const options& options) {
    if (const std::exception_ptr why = walk(range, sink, options))
        std::rethrow_exception(why);
}

} // namespace parmap::detail
