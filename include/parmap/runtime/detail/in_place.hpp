// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/partition.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/detail/thread_memory.hpp>
#include <parmap/runtime/detail/ticks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

// How a thread runs by itself what is believed to be cheap: as the plain loop. Inlined where a verb
// is called, since what costs time there, after a while of idleness most of all, are the lines and
// pages of code that the loop would not have needed.

namespace parmap::detail {

/// The items of a call and the least number of neighbours that must stay on one thread.
struct extent {
    std::size_t items = 0;
    std::size_t least = 1;
};

/// Nanoseconds: calls so short that it matters what sharing costs.
inline constexpr std::uint64_t short_call = 10'000;

/// Whether items run in place, and whether they are measured if they do.
enum class in_place { no, yes, measured };

/// The same for items that are not known to be cheaper than `worth_sharing`.
[[gnu::noinline]] inline in_place where_it_pays(site_memory& memory, const team& team,
                                                std::size_t items) noexcept {
    if (items > memory.cheap_alone())
        return in_place::no;
    const auto time = static_cast<std::uint64_t>(memory.item_time() * static_cast<double>(items));
    const in_place alone = memory.doubtful(time) ? in_place::measured : in_place::yes;
    if (time < short_call && thread_memory::here().idle())
        return alone; // it is as good as certain that all sleep, and looking takes a while, too
    // Where all sleep, one is woken for a call that is long or that is one of many.
    if (!team.anyone_coming())
        return thread_memory::here().another_alone(time) ? in_place::no : alone;
    const unsigned left = time < short_call ? memory.take_call_in_place() : 0;
    if (left == 0)
        return in_place::no;
    // After the last one the next is shared, and will be set against it.
    return left == 1 ? in_place::measured : in_place::yes;
}

/// Runs items that nothing interrupts. Before what one of them throws leaves, the results of all
/// before it are destroyed.
template <class Body>
[[gnu::always_inline]] inline void run_items(interval items, Body& body) {
    std::size_t at = items.begin;
    try {
        no_watch watch;
        body.run(items, at, watch);
    } catch (...) {
        body.discard(interval{0, at});
        throw;
    }
}

/// How often a thread looks at the clock.
struct looks {
    std::size_t stride; // items that are believed to take long enough for one look to be lost
    std::uint64_t late; // ticks from one look to the next that show that items are heavy

    /// For items that are believed to be cheap, of which `least` neighbours are cut off at once.
    [[gnu::always_inline]] static looks at(const site_memory& memory, std::size_t least) noexcept {
        constexpr std::size_t strides = 3; // in what is surely cheap, so that one is 0.5 us
        const std::size_t stride = std::max<std::size_t>(memory.surely_cheap() / strides, 1);
        const auto believed =
            static_cast<std::int64_t>(memory.item_time() * static_cast<double>(least));
        return {least == 1 ? stride : (stride + least - 1) / least * least,
                thread_memory::moment +
                    thread_memory::most_ticks_a_nanosecond * static_cast<std::uint64_t>(believed)};
    }
};

/// Runs items with the least look at the time that shows if they are heavy: returns the one from
/// which on they are to be shared.
///
/// One look, after the first item, tells that all is well if the thread's last one was a moment
/// ago. If it was not, either the item is heavy or the thread has been elsewhere, and the next item
/// tells which. Further looks follow after 0.5, 1 and then every 2 us of believed time.
template <class Body>
[[gnu::always_inline]] inline std::size_t run_looking(extent extent, Body& body, looks looks,
                                                      thread_memory& thread) {
    const std::size_t items = extent.items;
    const std::size_t least = extent.least;
    const std::size_t longest = 4 * looks.stride;
    // Neighbours that stay together are cut where they end, wherever lines do.
    const bool by_line =
        least == 1 && items > 8 * line_of_items && looks.stride > 2 * line_of_items;
    std::size_t at = 0;
    std::size_t end = std::min(items, least);
    // This call's own from here on: calls within its items look at the clock as well.
    std::uint64_t looked = thread.last_look();
    for (;;) {
        run_items({at, end}, body);
        at = end;
        if (at == items) [[likely]]
            return at;
        if (!by_line || at != line_of_items) {
            const std::uint64_t now = ticks();
            const bool well = now - std::exchange(looked, now) < looks.late;
            thread.note_look(now);
            if (!well && at != least)
                return at;
            if (!well || (by_line && at < line_of_items)) {
                // One more, or as many as are left to where a line begins.
                end = well ? line_of_items : std::min(items, at + least);
                continue;
            }
        }
        const std::size_t next =
            by_line ? cut_near(at + looks.stride, looks.stride) : at + looks.stride;
        end = items - at > looks.stride + looks.stride / 2 ? next : items;
        looks.stride = std::min(2 * looks.stride, longest);
    }
}

} // namespace parmap::detail
