// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/core/schedule.hpp>
#include <parmap/runtime/detail/batch.hpp>
#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/partition.hpp>
#include <parmap/runtime/detail/range_call.hpp>
#include <parmap/runtime/detail/sequence_call.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/pool.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <exception>
#include <limits>

namespace parmap::detail {

/// The items of a call and the least number of neighbours that must stay on one thread.
struct extent {
    std::size_t items = 0;
    std::size_t least = 1;
};

/// Decides who runs a call's items, and when: once, for every verb.
///
/// Work that is known to be cheaper than bringing in a worker runs in place, as the plain loop: no
/// lock, no clock, no shared state. Anything else is shared from the first item on, so that a heavy
/// one is never run alone first.
class engine {
public:
    /// `memory` is what the call site remembers of earlier calls.
    engine(const options& options, site_memory& memory)
        : options_(options), pool_(options.pool != nullptr ? *options.pool : default_pool()),
          team_(pool_access::team_of(pool_)), memory_(memory) {}

    /// Runs a body over the items of an extent.
    template <body_of_items Body>
    void run(extent extent, Body& body) {
        const std::size_t items = extent.items;
        if (in_place_and_cheap(items)) {
            team_.require_open();
            memory_.sampled() ? run_timed(items, body) : run_in_place(items, body);
            return;
        }
        const team::presence here(team_);
        const std::size_t helpers = items <= extent.least ? 0 : this->helpers(items);
        if (helpers == 0 && plain())
            return run_timed(items, body);
        range_call call(cut(extent), block_body::of(body), options_, believed_time(), helpers);
        if (helpers != 0)
            team_.open(call, helpers);
        call.work_as_caller();
        if (helpers != 0)
            team_.close(call);
        if (items != 0)
            note(call.item_time());
        call.settle();
    }

    /// Runs what a reader reads, `total` elements or, if that is 0, nobody knows how many. Returns
    /// null if all have run, or what a call with elements left out is to throw.
    template <class Reader>
    std::exception_ptr run(Reader& reader, std::size_t total) {
        const team::presence here(team_);
        run_start_in_place(reader);
        sequence_call call(team_, reader, options_, total);
        const std::size_t most = total != 0 ? total : std::numeric_limits<std::size_t>::max();
        call.run(most == 1 ? 0 : helpers(most));
        if (call.item_time() != 0)
            note(call.item_time());
        return call.settle();
    }

private:
    using nanoseconds = std::chrono::duration<double, std::nano>;

    // Below the first a worker that is awake brings nothing, below the second one that sleeps.
    static constexpr double worth_sharing = 2'000;
    static constexpr double worth_waking = 60'000;
    static constexpr double share_of_helper = 1'000;

    // Nothing to poll and nobody to tell: the plain loop does.
    bool plain() const noexcept {
        return !options_.on_progress && !interruption(options_).possible();
    }

    bool known() const noexcept { return memory_.item_time() > 0; }

    double expected(std::size_t items) const noexcept {
        return memory_.item_time() * static_cast<double>(items);
    }

    bool starts_as_loop() const noexcept {
        return options_.schedule == schedule::adaptive || options_.schedule == schedule::serial;
    }

    bool in_place_and_cheap(std::size_t items) const noexcept {
        return (starts_as_loop() || items <= 1) && known() && expected(items) < worth_sharing &&
               plain();
    }

    std::size_t helpers(std::size_t items) const {
        if (options_.schedule == schedule::serial)
            return 0;
        std::size_t most = std::min(items, pool_.size()) - 1;
        if (options_.schedule == schedule::adaptive && known()) {
            if (expected(items) < worth_waking && !team_.warm(clock::now()))
                return 0;
            const double useful = expected(items) / share_of_helper;
            if (useful < static_cast<double>(most))
                most = static_cast<std::size_t>(useful);
        }
        return most == 0 ? 0 : std::min(most, team_.available());
    }

    partition cut(extent extent) const noexcept {
        const auto [items, least] = extent;
        const auto whole = [least = least](std::size_t n) {
            return (n + least - 1) / least * least;
        };
        if (options_.schedule == schedule::direct) {
            if (least == 1)
                return partition::by_blocks(items, pool_.size());
            return partition::by_grain(items, whole(items / pool_.size() + 1));
        }
        if (options_.grain == 0)
            return partition::by_pace(items, least);
        return partition::by_grain(items, whole(std::min(options_.grain, items)));
    }

    // A balanced call is to start one item on each thread, whatever they took before.
    double believed_time() const noexcept {
        return options_.schedule == schedule::balanced ? 0 : memory_.item_time();
    }

    template <class Body>
    static void run_in_place(std::size_t items, Body& body) {
        std::size_t at = 0;
        try {
            no_watch watch;
            body.run(interval{0, items}, at, watch);
        } catch (...) {
            body.discard(interval{0, at});
            throw;
        }
    }

    template <class Body>
    void run_timed(std::size_t items, Body& body) {
        const clock::time_point begin = clock::now();
        run_in_place(items, body);
        if (items == 0)
            return;
        note(nanoseconds(clock::now() - begin).count() / static_cast<double>(items));
    }

    // As many elements as are surely cheaper than a worker, or all in a serial call.
    template <class Reader>
    void run_start_in_place(Reader& reader) {
        if (!plain() || !starts_as_loop())
            return;
        if (options_.schedule == schedule::serial) {
            reader.run_here(std::numeric_limits<std::size_t>::max());
        } else if (known()) {
            reader.run_here(static_cast<std::size_t>(worth_sharing / memory_.item_time()));
        }
    }

    void note(double item_time) noexcept {
        memory_.note(item_time);
        team_.note_call(clock::now());
    }

    const options& options_;
    pool& pool_;
    team& team_;
    site_memory& memory_;
};

} // namespace parmap::detail
