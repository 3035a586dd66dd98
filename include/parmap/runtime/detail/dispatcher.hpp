// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/core/schedule.hpp>
#include <parmap/runtime/detail/batch.hpp>
#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/call_record.hpp>
#include <parmap/runtime/detail/in_place.hpp>
#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/runtime/detail/membership.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/partition.hpp>
#include <parmap/runtime/detail/range_call.hpp>
#include <parmap/runtime/detail/sequence_call.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/detail/thread_memory.hpp>
#include <parmap/runtime/pool.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <optional>
#include <stdexcept>

namespace parmap::detail {

/// A body without its type, for loops that need not be compiled for each body.
class any_body {
public:
    explicit any_body(const block_body& body) noexcept : body_(body) {}

    void run(interval items, std::size_t& at, no_watch&) { body_.run(body_.body, items, at); }
    void discard(interval items) noexcept { body_.discard(body_.body, items); }

private:
    const block_body& body_;
};

/// Decides who runs the items of a call that asks for something, or whose items are not surely
/// cheap.
///
/// What is known to be cheaper than bringing in a worker runs in place. Anything else is shared
/// from the first item on, so that a heavy one is never run alone first; and what was believed
/// cheap and is not, is shared as soon as that shows.
class dispatcher {
public:
    dispatcher(const options& options, site_memory& memory)
        : options_(options), pool_(pool_of(options)), team_(pool_access::team_of(pool_)),
          memory_(memory), record_(recorded_call::record_of(options)) {}

    /// Runs a body over the items of an extent, as the call's options ask.
    template <body_of_items Body>
    void run(extent extent, Body& body) {
        announce(extent.items);
        const in_place where = in_place_and_cheap(extent.items);
        if (where == in_place::no) {
            return run_all(extent, body);
        }
        std::optional<team::presence> here;
        if (team_may_end()) {
            here.emplace(team_);
        } else {
            team_.require_open();
        }
        const bool measured =
            thread_memory::here().sampled() || where == in_place::measured || record_ != nullptr;
        const std::size_t at = run_in_place(extent, block_body::of(body), measured);
        if (at != extent.items) {
            run_rest(at, extent, body);
        }
    }

    /// Runs what is believed to be cheap until it is or has turned out heavy, and perhaps measures
    /// it: returns the item before which it left off.
    std::size_t run_in_place(extent extent, const block_body& body, bool measured) {
        const clock::time_point begin = measured ? clock::now() : clock::time_point();
        any_body plain(body);
        const std::size_t at = interruption(options_).possible()
                                   ? run_watched(extent, body)
                                   : run_looking(extent, plain, looks::at(memory_, extent.least),
                                                 thread_memory::here());
        if (measured)
            note_since(begin, at);
        return at;
    }

    /// Runs all items, on several threads if that is of use.
    template <class Body>
    [[gnu::noinline]] void run_all(extent extent, Body& body) {
        const team::presence here(team_);
        const std::size_t items = extent.items;
        const std::size_t helpers = items <= extent.least ? 0 : this->helpers(items);
        if (helpers == 0 && plain()) {
            return run_timed({0, items}, body);
        }
        range_call call(cut(extent), block_body::of(body), options_, first_pace(items), helpers);
        share(call);
    }

    /// Runs the items from `done` on, which have turned out heavier than was believed, or leaves
    /// them out if the call has been interrupted.
    template <class Body>
    void run_rest(std::size_t done, extent extent, Body& body) {
        std::optional<team::presence> here;
        std::optional<range_call> call;
        const std::size_t left = extent.items - done;
        std::size_t helpers = 0;
        try {
            here.emplace(team_);
        } catch (const std::logic_error&) {
            // Shut down since the call began: it ends on this thread.
        }
        try {
            if (here && left > extent.least)
                helpers = all_helpers(left + 1);
            if (helpers != 0 || !plain()) {
                call.emplace(cut(extent), block_body::of(body), options_,
                             pace(0, longest_least_claim), helpers);
            }
        } catch (...) {
            body.discard(interval{0, done});
            throw;
        }
        if (!call) {
            return run_timed({done, extent.items}, body);
        }
        call->begin_at(done);
        share(*call);
    }

    /// Runs what a reader reads, `total` elements or, if that is 0, nobody knows how many. Returns
    /// null if all have run, or what a call with elements left out is to throw.
    template <class Reader>
    std::exception_ptr run(Reader& reader, std::size_t total) {
        announce(total);
        const team::presence here(team_);
        const clock::time_point begin = record_ != nullptr ? clock::now() : clock::time_point();
        const bool as_believed = run_start_in_place(reader);
        const double first_time =
            record_ != nullptr ? nanoseconds(clock::now() - begin).count() : 0;
        sequence_call call(team_, reader, options_, total, first_time);
        const std::size_t most = total != 0 ? total : std::numeric_limits<std::size_t>::max();
        call.run(most == 1 ? 0 : as_believed ? helpers(most) : all_helpers(most));
        note(call.item_time());
        return call.settle();
    }

private:
    using nanoseconds = std::chrono::duration<double, std::nano>;

    // Of the time that items take in place: a shared call that takes less has gained for certain.
    static constexpr double paying = 0.95;
    // Nanoseconds.
    static constexpr double exactly_measured = 200;
    static constexpr double share_of_helper = 1'000;
    static constexpr double longest_least_claim = 1'000;
    // In what is surely cheap, three times: to read a batch for a worker costs more than to share.
    static constexpr std::size_t cheaper_than_a_batch = 3;
    // Ticks, of which some make a nanosecond: 4 to 16 microseconds beyond what is believed.
    static constexpr std::uint64_t longest_in_place = 16'384;

    // Whether the pool may be shut down and destroyed unless this call is known to run on it: the
    // pool of the process is never destroyed.
    bool team_may_end() const noexcept {
        return options_.pool != nullptr && !membership::of(team_);
    }

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

    in_place in_place_and_cheap(std::size_t items) const noexcept {
        if (!known() || options_.on_progress || !(starts_as_loop() || items <= 1))
            return in_place::no;
        return items <= memory_.surely_cheap() ? in_place::yes
                                               : where_it_pays(memory_, team_, items);
    }

    std::size_t helpers(std::size_t items) const {
        const std::size_t all = all_helpers(items);
        if (options_.schedule != schedule::adaptive || !known() || options_.on_progress) {
            return all;
        }
        const double useful = expected(items) / share_of_helper;
        return useful < static_cast<double>(all) ? static_cast<std::size_t>(useful) : all;
    }

    std::size_t all_helpers(std::size_t items) const {
        if (options_.schedule == schedule::serial) {
            return 0;
        }
        const std::size_t most = std::min(items, pool_.size()) - 1;
        return most == 0 ? 0 : std::min(most, team_.available());
    }

    partition cut(extent extent) const noexcept {
        const std::size_t items = extent.items;
        const std::size_t least = extent.least;
        const auto whole = [least](std::size_t n) { return (n + least - 1) / least * least; };
        if (options_.schedule == schedule::direct) {
            if (least == 1)
                return partition::by_blocks(items, pool_.size());
            return partition::by_grain(items, whole(items / pool_.size() + 1), least);
        }
        if (options_.grain == 0)
            return partition::by_pace(items, least);
        return partition::by_grain(items, whole(std::min(options_.grain, items)), least);
    }

    // A balanced call begins with one item on each thread, whatever they took before, and shares
    // out the cheapest ones, since a heavy one may stand among them.
    pace first_pace(std::size_t items) const noexcept {
        return options_.schedule == schedule::balanced
                   ? pace(0, 0)
                   : pace(memory_.item_time(), least_claim(expected(items)));
    }

    // Claims are worth their cost, and yet short enough for the threads to end together.
    static double least_claim(double time) noexcept {
        return std::min(time / 8, longest_least_claim);
    }

    void share(range_call& call) {
        const std::size_t helpers = call.helpers();
        call.begin();
        if (helpers == 0) {
            call.work_as_caller();
        } else {
            call.call_back_from(team_);
            team_.open(call, helpers);
            call.work_as_caller();
            while (!team_.close(call)) {
                team_.open(call, helpers);
                call.work_as_caller_again();
            }
            prefetch_to_write(&call, sizeof call); // the next one will stand in the same place
        }
        if (helpers == 0 || !as_believed(call))
            note(call.item_time(), call.elapsed());
        call.settle();
    }

    // Whether the items of a short call are known to take longer than this one took, or it took
    // longer though they did not, because a worker had to be woken. Then what is known stays: where
    // items are shared, each seems to take a little more.
    bool as_believed(range_call& call) noexcept {
        const double alone = expected(call.items());
        if (alone <= 0 || alone >= short_call)
            return false;
        if (!call.was_offered())
            return call.item_time() < 2 * memory_.item_time();
        const bool paid = call.elapsed() < paying * alone;
        memory_.note_sharing(paid);
        return paid;
    }

    template <class Body>
    void run_timed(interval items, Body& body) {
        const clock::time_point begin = clock::now();
        run_items(items, body);
        note_since(begin, items.size());
    }

    // A time of which reading the clock is a good part tells no more than what is at most taken.
    [[gnu::noinline]] void note_since(clock::time_point begin, std::size_t items) noexcept {
        if (items != 0) {
            const double time = nanoseconds(clock::now() - begin).count();
            const double item_time = time / static_cast<double>(items);
            if (time > exactly_measured || !known() || item_time < memory_.item_time())
                note(item_time, time);
            if (record_ != nullptr)
                record_->add(items, time);
        }
    }

    // For whoever looks on from outside.
    void announce(std::size_t items) noexcept {
        if (record_ != nullptr)
            record_->total.store(items, std::memory_order_relaxed);
    }

    // Runs what is believed to be cheap, and may be interrupted, until it is or has turned out
    // heavy: returns the item before which it left off.
    std::size_t run_watched(extent extent, const block_body& body) {
        const interruption interruption(options_);
        watch eye(interruption);
        eye.begin_block(longest_in_place + static_cast<std::uint64_t>(expected(extent.items)) *
                                               thread_memory::most_ticks_a_nanosecond);
        std::size_t at = 0;
        try {
            body.run_watched(body.body, {0, extent.items}, at, eye);
        } catch (...) {
            body.discard(body.body, {0, at});
            throw;
        }
        return at;
    }

    // As many elements as are surely cheaper than a worker, or all in a serial call. False if they
    // were not.
    template <class Reader>
    bool run_start_in_place(Reader& reader) {
        if (!plain() || !starts_as_loop()) {
            return true;
        }
        if (options_.schedule == schedule::serial) {
            reader.run_all_here();
            return true;
        }
        return !known() || reader.run_here(cheaper_than_a_batch * memory_.surely_cheap());
    }

    // A time of 0 is none.
    void note(double item_time, double measured = site_memory::for_any_call) noexcept {
        if (item_time > 0) {
            memory_.note(item_time, measured);
        }
    }

    const options& options_;
    pool& pool_;
    team& team_;
    site_memory& memory_;
    call_record* const record_; // null if nobody looks on
};

} // namespace parmap::detail
