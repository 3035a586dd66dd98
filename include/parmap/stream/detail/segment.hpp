// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/runtime/detail/batch.hpp>
#include <parmap/runtime/detail/block_body.hpp>
#include <parmap/runtime/detail/interruption.hpp>
#include <parmap/runtime/detail/partition.hpp>
#include <parmap/runtime/detail/raw_memory.hpp>

#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <utility>

// What a stream has pulled: segments of neighbours, cut into pieces that threads run.

namespace parmap::detail {

/// One thread's eye on a piece of a stream: what a watch looks at, and whether results end before
/// the piece begins, so that nobody will ask for it.
class piece_watch {
public:
    piece_watch(watch& eye, const std::atomic<std::size_t>& limit, std::size_t first) noexcept
        : eye_(eye), limit_(limit), first_(first) {}

    /// Whether no further item of the piece may begin.
    [[nodiscard]] bool operator()() noexcept {
        return limit_.load(std::memory_order_relaxed) <= first_ || eye_();
    }

private:
    watch& eye_;
    const std::atomic<std::size_t>& limit_;
    const std::size_t first_;
};

/// Room for consecutive elements and for the results that come of them.
///
/// Threads: one pulls, and may do so while others run what has been pulled before; an item is one
/// thread's at a time.
class segment {
public:
    segment(const segment&) = delete;
    segment& operator=(const segment&) = delete;

    /// One behind the last element that has been pulled. Threads: any.
    [[nodiscard]] std::size_t end() const noexcept { return end_.load(std::memory_order_acquire); }

    /// Makes results of elements, as `body_of_items` has it, and destroys those elements.
    virtual void run(interval items, std::size_t& at, piece_watch& eye) = 0;

    virtual void destroy_results(interval items) noexcept = 0;
    virtual void destroy_elements(interval items) noexcept = 0;

protected:
    explicit segment(std::size_t first) noexcept : end_(first) {}
    ~segment() = default;

    void admit() noexcept {
        end_.store(end_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

private:
    std::atomic<std::size_t> end_;
};

template <class View, class F, class R>
class segment_of final : public segment {
public:
    segment_of(std::size_t first, std::size_t capacity, F& f)
        : segment(first), first_(first), f_(f), elements_(capacity), results_(capacity) {}

    /// Pulls the element that the source stands at.
    void add(std::ranges::iterator_t<View>& at) {
        ::new (static_cast<void*>(element(end()))) held_element<View>(at);
        admit();
    }

    void run(interval items, std::size_t& at, piece_watch& eye) override {
        for_each_of(items, at, eye, [this](std::size_t i) {
            ::new (static_cast<void*>(result(i))) R(call(f_, element(i)->get()));
            std::destroy_at(element(i));
        });
    }

    void destroy_results(interval items) noexcept override {
        std::destroy_n(result(items.begin), items.size());
    }

    void destroy_elements(interval items) noexcept override {
        std::destroy_n(element(items.begin), items.size());
    }

    [[nodiscard]] R* result(std::size_t i) const noexcept { return results_.data() + (i - first_); }

private:
    held_element<View>* element(std::size_t i) const noexcept {
        return elements_.data() + (i - first_);
    }

    const std::size_t first_;
    F& f_;
    raw_memory<held_element<View>> elements_;
    raw_memory<R> results_;
};

/// Neighbours in a segment that one thread runs. Those before `at` have results, the others are
/// still elements.
struct piece {
    piece(std::shared_ptr<segment> place, interval which) noexcept
        : where(std::move(place)), items(which), at(which.begin) {}

    ~piece() {
        where->destroy_results({items.begin, at});
        where->destroy_elements({at, items.end});
    }

    piece(const piece&) = delete;
    piece& operator=(const piece&) = delete;

    std::shared_ptr<segment> where;
    interval items;
    std::size_t at;
};

/// Pieces change hands by their nodes: that needs no memory.
using pieces = std::list<piece>;

/// Puts the one piece of `added` among others that stand in the order of the elements.
inline void put_in_order(pieces& others, pieces& added) noexcept {
    auto place = others.end();
    const std::size_t first = added.front().items.begin;
    if (!others.empty() && first < others.front().items.begin)
        place = others.begin();
    while (place != others.begin() && std::prev(place)->items.begin > first)
        --place;
    others.splice(place, added);
}

} // namespace parmap::detail
