// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/runtime/detail/partition.hpp>
#include <parmap/runtime/detail/ticks.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

// Ranges that can only be walked are read on one thread, a batch of neighbours at a time.

namespace parmap::detail {

/// Consecutive elements, read and waiting for a thread.
class batch {
public:
    explicit batch(interval items) noexcept : items_(items) {}
    virtual ~batch() = default;
    batch(const batch&) = delete;
    batch& operator=(const batch&) = delete;

    /// The indices of its elements.
    [[nodiscard]] const interval& items() const noexcept { return items_; }

    /// Does to its elements from `at` on what the verb does, as `body_of_items` has it.
    virtual void run(std::size_t& at, watch& watch) = 0;

private:
    interval items_;
};

/// Where the batches of a call come from. Threads: one, the caller's.
class batch_reader {
public:
    batch_reader() = default;
    virtual ~batch_reader() = default;
    batch_reader(const batch_reader&) = delete;
    batch_reader& operator=(const batch_reader&) = delete;

    /// Whether there is a next element. Errors: what the range throws where it steps to it.
    virtual bool more() = 0;

    /// A batch of the next `most` elements, or of as many as there are: at least one, after
    /// `more()`. Errors: what the first of them throws where it is read; what a later one throws
    /// comes with the next call.
    virtual std::unique_ptr<batch> read(std::size_t most) = 0;

    /// How many elements have been read.
    [[nodiscard]] std::size_t read_so_far() const noexcept { return read_; }

protected:
    std::size_t read_ = 0;
};

/// How an element waits for its turn: as an iterator to it where it stays, as a value where the
/// next step of a single-pass range would overwrite it.
template <class Range>
class held_element {
public:
    explicit held_element(const std::ranges::iterator_t<Range>& at)
        requires std::ranges::forward_range<Range>
        : held_(at) {}

    explicit held_element(std::ranges::iterator_t<Range>& at)
        requires(!std::ranges::forward_range<Range>)
        : held_(value_at(at)) {}

    element_t<Range> get() {
        if constexpr (std::ranges::forward_range<Range>) {
            return *held_;
        } else if constexpr (std::is_lvalue_reference_v<element_t<Range>>) {
            return held_;
        } else {
            return std::move(held_);
        }
    }

private:
    using value = std::ranges::range_value_t<Range>;
    using held = std::conditional_t<std::ranges::forward_range<Range>,
                                    std::ranges::iterator_t<Range>, value>;

    static value value_at(std::ranges::iterator_t<Range>& at) {
        if constexpr (std::constructible_from<value, std::ranges::range_reference_t<Range>>) {
            return value(*at);
        } else {
            return value(std::ranges::iter_move(at));
        }
    }

    held held_;
};

/// What a verb does with elements that come in batches. On the reading thread, in order:
/// `admit(index)` may refuse an element by throwing, and `open(items)` makes a place for the
/// results of a batch. `put(element, index, place)` does one element's work, concurrently with that
/// of other batches.
template <class Sink>
concept batch_sink = requires(Sink& sink, std::size_t index, interval items) {
    sink.admit(index);
    sink.open(items); // and put(), a template
};

template <batch_sink Sink>
using place_in = decltype(std::declval<Sink&>().open(interval{}));

/// Elements of a range on their way to a sink.
template <class Range, batch_sink Sink>
class element_batch final : public batch {
public:
    element_batch(interval items, std::vector<held_element<Range>> elements, Sink& sink)
        : batch(items), elements_(std::move(elements)), sink_(sink), place_(sink.open(items)) {}

    void run(std::size_t& at, watch& watch) override {
        for_each_of({at, items().end}, at, watch, [this](std::size_t i) {
            sink_.put(elements_[i - items().begin].get(), i, place_);
        });
    }

private:
    std::vector<held_element<Range>> elements_;
    Sink& sink_;
    place_in<Sink> place_;
};

/// Reads a range. No step is taken before its element is asked for, so that a source which blocks
/// does so as late as in a plain loop.
template <class Range, batch_sink Sink>
class range_reader final : public batch_reader {
public:
    range_reader(Range& range, Sink& sink)
        : sink_(sink), at_(std::ranges::begin(range)), end_(std::ranges::end(range)) {}

    bool more() override {
        if (error_) {
            std::rethrow_exception(error_);
        }
        if (!on_element_ && !ended_) {
            step();
        }
        return on_element_;
    }

    std::unique_ptr<batch> read(std::size_t most) override {
        std::vector<held_element<Range>> elements;
        const std::uint64_t begin = ticks();
        try {
            do {
                sink_.admit(read_ + elements.size());
                elements.emplace_back(at_);
                on_element_ = false;
            } while (elements.size() != most && quick_step_ && ticks() - begin < patience &&
                     more());
        } catch (...) {
            if (elements.empty()) {
                throw;
            }
            error_ = std::current_exception();
        }
        const interval items{read_, read_ + elements.size()};
        read_ = items.end;
        return std::make_unique<element_batch<Range, Sink>>(items, std::move(elements), sink_);
    }

    /// Works on up to `most` elements at once, in place, as the plain loop does. False if it left
    /// off before, because they turned out to take microseconds.
    bool run_here(std::size_t most) {
        std::size_t room = 1;
        while (most != 0 && more()) {
            room = std::min(room, most);
            const std::uint64_t begin = ticks();
            place_in<Sink> place = sink_.open({read_, read_ + room});
            most -= run_into(place, room);
            if (ticks() - begin > quick) {
                return false;
            }
            room = std::min<std::size_t>(2 * room, 64);
        }
        return true;
    }

    /// Works on all elements in place, as the plain loop does.
    void run_all_here() {
        std::size_t room = 16;
        while (more()) {
            place_in<Sink> place = sink_.open({read_, read_ + room});
            run_into(place, room);
            room = std::min<std::size_t>(2 * room, 4'096);
        }
    }

private:
    // An element that took longer than `quick` to come is passed on before the next one is asked
    // for, and none waits for its batch longer than `patience`: some 5 and 50 to 200 microseconds.
    static constexpr std::uint64_t quick = 16'384;
    static constexpr std::uint64_t patience = 200'000;

    // Up to `most` elements from the present one on; how many there were.
    std::size_t run_into(place_in<Sink>& place, std::size_t most) {
        std::size_t count = 0;
        do {
            sink_.admit(read_);
            sink_.put(held_element<Range>(at_).get(), read_, place);
            on_element_ = false;
            ++read_;
        } while (++count != most && more());
        return count;
    }

    void step() {
        const std::uint64_t begin = ticks();
        if (started_) {
            ++at_;
        }
        started_ = true;
        on_element_ = at_ != end_;
        ended_ = !on_element_;
        quick_step_ = ticks() - begin < quick;
    }

    Sink& sink_;
    std::ranges::iterator_t<Range> at_;
    std::ranges::sentinel_t<Range> end_;
    bool started_ = false;
    bool on_element_ = false; // one that has not been read
    bool quick_step_ = false; // to the present or the last element
    bool ended_ = false;
    std::exception_ptr error_; // of the step after the elements read last
};

} // namespace parmap::detail
