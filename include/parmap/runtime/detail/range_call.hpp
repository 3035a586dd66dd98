// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/config.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/ending.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/participants.hpp>
#include <parmap/runtime/detail/partition.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/detail/thread_memory.hpp>
#include <parmap/runtime/detail/ticks.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>

namespace parmap::detail {

/// A call over items that are reached by index: the loop that every such verb runs.
///
/// Each thread that works on it owns a range of units, takes chunks off one end and loses the other
/// to whoever is idle. The caller starts with everything, but for the shares of workers that wait
/// for a call, and works forward; workers start with their share, or by stealing half of the
/// fullest range, and work backward, so that the far end, where a heavy last item would be found
/// late, is begun early.
///
/// Once an item has thrown, the results are of no use: nobody steals any more, and each thread
/// runs what is left of its own range below the lowest index that threw, without keeping results.
class range_call final : public shared_call {
public:
    range_call(partition parts, block_body body, const options& options, pace pace,
               std::size_t helpers)
        : parts_(parts), body_(body), ending_(options, parts.items()), watched_(ending_.watched()),
          pace_(pace), participants_(helpers + 1) {
        participants_.front().units.reset({0, parts.units()});
    }

    /// Begins with item `done`: those before have run. The unit that it lies in stays the caller's.
    void begin_at(std::size_t done) noexcept {
        const interval units{parts_.unit_after(done), parts_.units()};
        first_ = {done, parts_.items_of(units).begin};
        participants_.front().units.reset(units);
    }

    /// How many workers may join: as many as were asked for, or fewer without memory for them.
    [[nodiscard]] std::size_t helpers() const noexcept { return participants_.count() - 1; }

    /// Has the workers of a team come back when something is found to be left for them.
    void call_back_from(team& team) noexcept { team_ = &team; }

    /// The caller's clock starts: before workers are called for, whose stores it would wait for.
    void begin() noexcept { pace_.begin(); }

    /// Nanoseconds since then.
    [[nodiscard]] double elapsed() const noexcept { return pace_.elapsed(); }

    /// Works on the call as its caller, until nothing is left that could be begun.
    void work_as_caller() noexcept {
        participate(participants_.front(), direction::forward, first_, pace_);
    }

    /// The same after it had to wait, if a worker has given something back.
    void work_as_caller_again() noexcept {
        if (steal_for(participants_.front()))
            participate_from_now(participants_.front(), direction::forward);
    }

    [[nodiscard]] std::size_t items() const noexcept { return parts_.items(); }

    /// What an item took on the caller, in nanoseconds; 0 if none ran there.
    [[nodiscard]] double item_time() noexcept {
        const participant& caller = participants_.front();
        return caller.done != 0 ? caller.busy / static_cast<double>(caller.done) : 0;
    }

    /// Once nobody works on the call any more: returns if all items have a result, else destroys
    /// the results and lets out what a serial loop would have let out.
    void settle() {
        try {
            if (ending_.hopeless())
                wind_up_for_absent();
            const std::exception_ptr why = ending_.settle(done());
            if (!why)
                return;
            if (body_.fill == nullptr)
                std::rethrow_exception(why);
            for_each_gap([&](interval gap) { body_.fill(body_.body, gap, why); });
        } catch (...) {
            discard_results();
            throw;
        }
    }

private:
    // Gives each worker that is about to come its share at once: until it has come, that is
    // anyone's.
    void set_shares_aside(std::size_t workers) noexcept override {
        if (shares_ != 0 || joined_.load(std::memory_order_relaxed) != 0)
            return;
        shares_ = std::min(workers, helpers());
        claimable_range& all = participants_.front().units;
        for (std::size_t left = shares_; left != 0; --left) {
            const interval units = all.left();
            const std::size_t share = units.size() / (left + 1);
            const std::size_t at = cut_near(units.end - share, share);
            participants_[left].units.reset({at, units.end});
            all.reset({units.begin, at});
        }
    }

    void work() noexcept override {
        // All in another core's cache, and needed line by line: but what is another's is left
        // there.
        prefetch(this, static_cast<std::size_t>(reinterpret_cast<const char*>(&participants_) -
                                                reinterpret_cast<const char*>(this)));
        participant& me = place();
        if (!me.units.left().empty() || steal_for(me))
            participate_from_now(me, direction::backward);
        me.vacant.store(true, std::memory_order_release);
    }

    bool work_added() noexcept override {
        return gave_back_.load(std::memory_order_relaxed) && !ending_.hopeless() &&
               fullest() != nullptr;
    }

    // Of a worker that joins: one that nobody has had or, where workers come back, one that has
    // been left. There is one, since no more join at a time than there are places.
    participant& place() noexcept {
        const std::size_t place = joined_.fetch_add(1, std::memory_order_acq_rel) + 1;
        if (place < participants_.count())
            return participants_[place];
        for (std::size_t i = 1;; i = i + 1 == participants_.count() ? 1 : i + 1) {
            if (participants_[i].vacant.exchange(false, std::memory_order_acquire))
                return participants_[i];
            pause();
        }
    }

    void participate_from_now(participant& me, direction from) noexcept {
        pace pace = pace_;
        pace.begin();
        participate(me, from, {}, pace);
    }

    void participate(participant& me, direction from, interval first, pace pace) noexcept {
        watch watch(ending_.interruption());
        if (!first.empty())
            run_chunk(me, first, pace, watch);
        do {
            while (!ending_.hopeless()) {
                const interval units = me.units.take(from, chunk_units(me, pace));
                if (units.empty())
                    break;
                run_chunk(me, parts_.items_of(units), pace, watch);
            }
            if (ending_.hopeless())
                return wind_up(me, pace, watch);
        } while (steal_for(me));
    }

    std::size_t chunk_units(const participant& me, const pace& pace) const noexcept {
        const std::size_t left = me.units.left().size();
        return parts_.units_for(pace.share(parts_.items_of({0, left}).size()));
    }

    // Blocks of a chunk, until one breaks off or an item below has thrown.
    void run_chunk(participant& me, interval chunk, pace& pace, watch& watch) noexcept {
        std::size_t at = chunk.begin;
        while (at != chunk.end) {
            const std::size_t end = std::min(chunk.end, ending_.limit());
            if (at >= end || !run_block(me, {at, end}, at, pace, watch)) {
                me.gap = {at, chunk.end};
                return;
            }
            if (at != chunk.end)
                chunk.end = give_back(me, {at, chunk.end}, pace);
        }
    }

    // What is left of a chunk of which items have turned out dearer than was believed: there is
    // more of it than this thread should keep while others have nothing to do. Returns where the
    // part begins that anyone may take now.
    std::size_t give_back(participant& me, interval left, const pace& pace) noexcept {
        const double time = pace.item_time() * static_cast<double>(left.size());
        if (team_ == nullptr || !parts_.paced() || time < worth_calling)
            return left.end;
        const interval units{parts_.unit_after(left.begin), parts_.unit_after(left.end)};
        if (units.empty() || !put_back(me, units))
            return left.end;
        team_->call_back(*this, std::min(helpers(), units.size()), helpers());
        return parts_.items_of(units).begin;
    }

    // False, for now, if others may take what else this thread has: a worker, who works backward,
    // cannot add to that.
    bool put_back(participant& me, interval units) noexcept {
        moves_begun_.fetch_add(1);
        const bool done = me.units.put_back(units);
        if (done)
            gave_back_.store(true, std::memory_order_relaxed);
        moves_ended_.fetch_add(1);
        return done;
    }

    // The first items of `items`, as many as the pace allows. False if they broke off at `at` for
    // good.
    bool run_block(participant& me, interval items, std::size_t& at, pace& pace,
                   watch& watch) noexcept {
        const interval block{items.begin, parts_.block_end(items, pace.block(items.size()))};
        if (watched_)
            watch.begin_block();
        const bool goes_on = ending_.run(at, watch, [&](std::size_t& reached) {
            if (watched_) {
                body_.run_watched(body_.body, block, reached, watch);
            } else {
                run_as_believed(block, reached, pace);
            }
        });
        const std::size_t done = at - block.begin;
        if (done != 0) {
            me.done += done;
            const double time = pace.end(done);
            me.busy += time;
            ending_.count(done, time);
        }
        return goes_on;
    }

    // A block that nothing can interrupt, unless its items take microseconds where it was believed
    // that they do not.
    void run_as_believed(interval block, std::size_t& at, const pace& pace) const {
        const std::size_t items = pace.stretch();
        const std::uint64_t late =
            thread_memory::moment + static_cast<std::uint64_t>(pace.item_time()) * items *
                                        thread_memory::most_ticks_a_nanosecond;
        for (std::uint64_t looked = ticks(); at != block.end;) {
            body_.run(body_.body, {at, parts_.block_end({at, block.end}, items)}, at);
            const std::uint64_t now = ticks();
            if (now - std::exchange(looked, now) > late)
                return;
        }
    }

    // What this thread has not begun: items below the lowest that threw still run, for an exception
    // of their own; after an interruption none do.
    void wind_up(participant& me, pace& pace, watch& watch) noexcept {
        me.leftover = parts_.items_of(me.units.take_all());
        std::size_t at = me.leftover.begin;
        for (;;) {
            const interval rest{at, std::min(me.leftover.end, ending_.limit())};
            if (rest.empty())
                return;
            if (ending_.interrupted())
                return ending_.leave_out(at);
            const bool goes_on = run_block(me, rest, at, pace, watch);
            body_.discard(body_.body, {rest.begin, at});
            if (!goes_on)
                return;
        }
    }

    // What workers have been given who were not needed in the end.
    void wind_up_for_absent() noexcept {
        for (participant& p : participants_) {
            if (!p.units.left().empty()) {
                pace pace = pace_;
                watch watch(ending_.interruption());
                pace.begin();
                wind_up(p, pace, watch);
            }
        }
    }

    // Takes half of the fullest range into this thread's own. False if nothing is left anywhere.
    bool steal_for(participant& me) noexcept {
        while (!ending_.hopeless()) {
            const std::size_t moves = moves_ended_.load();
            participant* victim = fullest();
            if (victim != nullptr) {
                if (move_half(*victim, me))
                    return true;
            } else if (moves_begun_.load() == moves && moves_ended_.load() == moves) {
                return false;
            }
            pause();
        }
        return false;
    }

    participant* fullest() noexcept {
        participant* fullest = nullptr;
        std::size_t most = 0;
        const std::size_t workers =
            std::min(std::max(joined_.load(std::memory_order_acquire), shares_), helpers());
        for (std::size_t i = 0; i <= workers; ++i) {
            const std::size_t left = participants_[i].units.left().size();
            if (left > most) {
                most = left;
                fullest = &participants_[i];
            }
        }
        return fullest;
    }

    // Units on their way from one range to another are in neither: counting moves lets a thread
    // that sees nothing anywhere know whether that is all there is.
    bool move_half(participant& victim, participant& me) noexcept {
        moves_begun_.fetch_add(1);
        const direction owner =
            &victim == &participants_.front() ? direction::forward : direction::backward;
        const interval units = victim.units.steal_half(owner);
        if (!units.empty())
            me.units.reset(units);
        moves_ended_.fetch_add(1);
        return !units.empty();
    }

    // Calls `f` with each run of items that has no result, in no order.
    template <class F>
    void for_each_gap(F f) {
        for (participant& p : participants_) {
            if (!p.gap.empty())
                f(p.gap);
            if (!p.leftover.empty())
                f(p.leftover);
        }
    }

    std::size_t done() noexcept {
        std::size_t done = first_.begin;
        for (const participant& p : participants_)
            done += p.done;
        return done;
    }

    // Gaps sorted by position: the results stand between them.
    void discard_results() noexcept {
        std::size_t from = 0;
        while (from < parts_.items()) {
            interval next{parts_.items(), parts_.items()};
            for_each_gap([&](interval gap) {
                if (gap.begin >= from && gap.begin < next.begin)
                    next = gap;
            });
            if (from < next.begin)
                body_.discard(body_.body, {from, next.begin});
            from = next.end;
        }
    }

    // Nanoseconds: what is left of a chunk and less than that is not worth a worker's way.
    static constexpr double worth_calling = 50'000;

    const partition parts_;
    const block_body body_;
    ending ending_;
    const bool watched_;
    pace pace_;                           // what every thread begins with
    team* team_ = nullptr;                // null if no others may come
    interval first_{};                    // what the caller runs before it takes units
    std::atomic<std::size_t> joined_ = 0; // workers
    std::size_t shares_ = 0;              // set aside when the call was opened
    std::atomic<bool> gave_back_ = false; // ever
    std::atomic<std::size_t> moves_begun_ = 0;
    std::atomic<std::size_t> moves_ended_ = 0;
    participants participants_;
};

} // namespace parmap::detail
