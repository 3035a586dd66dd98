// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/runtime/detail/batch.hpp>
#include <parmap/runtime/detail/raw_memory.hpp>
#include <parmap/runtime/detail/ticks.hpp>
#include <parmap/stream/detail/chunk_run.hpp>
#include <parmap/stream/detail/stream_ring.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>

namespace parmap::detail {

/// Where the elements of a stream come from, and what becomes of them in their slots.
///
/// Threads: one at a time pulls; a slot is one thread's at a time.
class stream_slots {
public:
    stream_slots() = default;
    stream_slots(const stream_slots&) = delete;
    stream_slots& operator=(const stream_slots&) = delete;

    /// Steps to the next element; false if there is none. Errors: what the range throws.
    virtual bool more() = 0;

    /// Pulls the element stepped to and those after it, up to `most`, into a ring. False if the
    /// range has ended. Errors: what the range throws; the elements before that have been pulled.
    /// It leaves off when what was begun at `begin` has taken long.
    virtual bool fill(stream_ring& ring, std::size_t most, std::uint64_t begin) = 0;

    /// Makes results of elements, which it destroys. Errors: what an item throws; its element, the
    /// one in hand, is then still there.
    virtual void run(chunk_run& now) = 0;

    virtual void destroy_element(std::uint32_t slot) noexcept = 0;
    virtual void destroy_result(std::uint32_t slot) noexcept = 0;

protected:
    ~stream_slots() = default;
};

/// The slots of a view and a callable. No step is taken before its element is asked for.
template <class View, class F, class R>
class slots_of final : public stream_slots {
public:
    slots_of(View& view, F& f, std::size_t count)
        : view_(view), f_(f), elements_(count), results_(count) {}

    /// About how much memory an element under way takes.
    static constexpr std::size_t bytes = sizeof(held_element<View>) + sizeof(R);

    bool more() override {
        if (!at_) {
            at_.emplace(std::ranges::begin(view_));
            end_.emplace(std::ranges::end(view_));
        } else {
            ++*at_;
        }
        return *at_ != *end_;
    }

    bool fill(stream_ring& ring, std::size_t most, std::uint64_t begin) override {
        std::uint64_t last = begin;
        for (std::size_t next = ring.pulled();; ++next) {
            ::new (static_cast<void*>(element(ring.slot_of(next)))) held_element<View>(*at_);
            ring.add();
            if (--most == 0 || slow(begin, last))
                return true;
            if (!more())
                return false;
        }
    }

    void run(chunk_run& now) override {
        while (now.next()) {
            held_element<View>* const from = element(now.slot());
            ::new (static_cast<void*>(result(now.slot()))) R(call(f_, from->get()));
            std::destroy_at(from);
            now.done();
        }
    }

    void destroy_element(std::uint32_t slot) noexcept override { std::destroy_at(element(slot)); }
    void destroy_result(std::uint32_t slot) noexcept override { std::destroy_at(result(slot)); }

    [[nodiscard]] R* result(std::uint32_t slot) const noexcept { return results_.data() + slot; }

private:
    // An element that took longer than `quick` to come is passed on before the next one is asked
    // for, and none waits for its neighbours longer than `patience`: some 5 and 50 microseconds.
    static constexpr std::uint64_t quick = 16'384;
    static constexpr std::uint64_t patience = 200'000;

    static bool slow(std::uint64_t begin, std::uint64_t& last) noexcept {
        if constexpr (std::ranges::random_access_range<View>) {
            return false; // a step is arithmetic
        } else {
            const std::uint64_t step = std::exchange(last, ticks());
            return last - step > quick || last - begin > patience;
        }
    }

    held_element<View>* element(std::uint32_t slot) const noexcept {
        return elements_.data() + slot;
    }

    View& view_;
    F& f_;
    raw_memory<held_element<View>> elements_;
    raw_memory<R> results_;
    std::optional<std::ranges::iterator_t<View>> at_;
    std::optional<std::ranges::sentinel_t<View>> end_;
};

} // namespace parmap::detail
