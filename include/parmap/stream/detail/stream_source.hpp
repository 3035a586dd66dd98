// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/ticks.hpp>
#include <parmap/stream/detail/segment.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>

namespace parmap::detail {

/// Where the elements of a stream come from. Threads: one at a time.
class stream_source {
public:
    stream_source() = default;
    stream_source(const stream_source&) = delete;
    stream_source& operator=(const stream_source&) = delete;

    /// Steps to the next element; false if there is none. Errors: what the range throws.
    virtual bool more() = 0;

    /// Room for `capacity` elements from index `first` on.
    virtual std::shared_ptr<segment> open(std::size_t first, std::size_t capacity) = 0;

    /// Pulls the element stepped to and those after it, up to `most`, into the segment opened last.
    /// False if the range has ended. Errors: what the range throws; the elements before that have
    /// been pulled. It leaves off when what was begun at `begin` has taken long.
    virtual bool fill(std::size_t most, std::uint64_t begin) = 0;

protected:
    ~stream_source() = default;
};

/// Pulls from a view. No step is taken before its element is asked for.
template <class View, class F, class R>
class source_of final : public stream_source {
public:
    using segment_type = segment_of<View, F, R>;

    source_of(View& view, F& f) noexcept : view_(view), f_(f) {}

    bool more() override {
        if (!at_) {
            at_.emplace(std::ranges::begin(view_));
            end_.emplace(std::ranges::end(view_));
        } else {
            ++*at_;
        }
        return *at_ != *end_;
    }

    std::shared_ptr<segment> open(std::size_t first, std::size_t capacity) override {
        open_ = std::make_shared<segment_type>(first, capacity, f_);
        return open_;
    }

    bool fill(std::size_t most, std::uint64_t begin) override {
        const std::shared_ptr<segment_type> into = std::move(open_);
        std::uint64_t last = begin;
        for (;;) {
            into->add(*at_);
            if (--most == 0 || slow(begin, last))
                return true;
            if (!more())
                return false;
        }
    }

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

    View& view_;
    F& f_;
    std::optional<std::ranges::iterator_t<View>> at_;
    std::optional<std::ranges::sentinel_t<View>> end_;
    std::shared_ptr<segment_type> open_;
};

} // namespace parmap::detail
