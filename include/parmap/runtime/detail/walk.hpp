// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/batch.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/pace.hpp>

#include <cstddef>
#include <exception>

namespace parmap::detail {

/// Takes the elements of a range that can only be walked through a sink. Returns null if all have
/// run, or what a call with elements left out is to throw.
template <class Range, batch_sink Sink>
std::exception_ptr walk(Range& range, Sink& sink, const options& options) {
    const std::size_t total = size_if_known(range); // before begin(), for a single-pass range
    range_reader<Range, Sink> reader(range, sink);
    return engine(options, memory_of<Range, Sink>).run(reader, total);
}

/// The same where no element may be left out.
template <class Range, batch_sink Sink>
void walk_all(Range& range, Sink& sink, const options& options) {
    if (const std::exception_ptr why = walk(range, sink, options))
        std::rethrow_exception(why);
}

} // namespace parmap::detail
