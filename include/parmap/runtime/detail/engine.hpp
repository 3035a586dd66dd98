// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/core/schedule.hpp>
#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/call_record.hpp>
#include <parmap/runtime/detail/dispatcher.hpp>
#include <parmap/runtime/detail/function_memory.hpp>
#include <parmap/runtime/detail/in_place.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/detail/thread_memory.hpp>
#include <parmap/runtime/pool.hpp>

#include <atomic>
#include <cstddef>
#include <exception>

namespace parmap::detail {

/// Runs a call's items: once, for every verb. Those that are known to be cheap run here, as the
/// plain loop: no lock, no shared state, one look at a cheap clock. A dispatcher sees to all
/// others.
class engine {
public:
    /// `memory` is what the call site remembers of earlier calls.
    engine(const options& options, site_memory& memory) noexcept
        : options_(options), memory_(memory) {}

    /// Runs a body over the items of an extent.
    template <body_of_items Body>
    [[gnu::always_inline]] void run(extent extent, Body& body) {
        if (asks_for_nothing()) [[likely]]
            run_plain(*this, extent, body);
        else
            dispatch(*this, extent, body);
    }

    /// Runs what a reader reads, `total` elements or, if that is 0, nobody knows how many. Returns
    /// null if all have run, or what a call with elements left out is to throw.
    template <class Reader>
    std::exception_ptr run(Reader& reader, std::size_t total) {
        return dispatcher(options_, memory_).run(reader, total);
    }

private:
    // Neither a pool of its own nor a schedule that begins on all threads; nothing to poll and
    // nobody to tell. Where it is inlined and a call has no options, that is known to the compiler.
    [[gnu::always_inline]] bool asks_for_nothing() const noexcept {
        if (options_.pool != nullptr || options_.on_progress) [[unlikely]]
            return false;
        if (options_.schedule != schedule::adaptive && options_.schedule != schedule::serial)
            [[unlikely]]
            return false;
        if (options_.stop.stop_possible() || options_.deadline != no_deadline) [[unlikely]]
            return false;
        return true;
    }

    template <class Body>
    [[gnu::noinline]] static void run_plain(engine self, extent extent, Body& body) {
        const team* const pool = open_default_team.load(std::memory_order_acquire);
        if (pool == nullptr || recorded_call::record_of(self.options_) != nullptr) [[unlikely]]
            return dispatch(self, extent, body);
        in_place here = in_place::yes;
        if (extent.items > self.memory_.surely_cheap()) [[unlikely]]
            here = where_it_pays(self.memory_, *pool, extent.items);
        if (here == in_place::no) [[unlikely]]
            return dispatch_all(self, extent, body);
        thread_memory& thread = thread_memory::here();
        if (thread.sampled() || here == in_place::measured) [[unlikely]]
            return run_measured(self, extent, body);
        const std::size_t at =
            run_looking(extent, body, looks::at(self.memory_, extent.least), thread);
        if (at != extent.items) [[unlikely]]
            dispatch_rest(self, at, extent, body);
    }

    // What is not needed each time stays out of the way; the engine comes by value, in registers.
    template <class Body>
    [[gnu::noinline]] static void dispatch(engine self, extent extent, Body& body) {
        dispatcher(self.options_, self.memory_).run(extent, body);
    }

    template <class Body>
    [[gnu::noinline]] static void dispatch_all(engine self, extent extent, Body& body) {
        dispatcher(self.options_, self.memory_).run_all(extent, body);
    }

    template <class Body>
    [[gnu::noinline]] static void run_measured(engine self, extent extent, Body& body) {
        dispatcher dispatcher(self.options_, self.memory_);
        const std::size_t at = dispatcher.run_in_place(extent, block_body::of(body), true);
        if (at != extent.items)
            dispatcher.run_rest(at, extent, body);
    }

    template <class Body>
    [[gnu::noinline]] static void dispatch_rest(engine self, std::size_t done, extent extent,
                                                Body& body) {
        dispatcher(self.options_, self.memory_).run_rest(done, extent, body);
    }

    const options& options_;
    site_memory& memory_;
};

} // namespace parmap::detail
