// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <thread>
#include <type_traits>
#include <utility>

namespace parmap_test {

/// What reading a one_pass source has shown: the threads that read it and how far they came.
struct reading {
    std::set<std::thread::id> threads; // a data race on it would be the finding itself
    std::size_t pulled = 0;
};

/// A source as a generator is one: unsized, single-pass, elements made on demand by make(i) and
/// given as rvalues, with an iterator that can only be moved.
template <class Make>
class one_pass : public std::ranges::view_interface<one_pass<Make>> {
    using element = std::invoke_result_t<Make&, std::size_t>;

public:
    one_pass(std::size_t n, Make make, reading* seen = nullptr)
        : make_(std::make_unique<Make>(std::move(make))), n_(n), seen_(seen) {}
    one_pass(one_pass&&) = default;
    one_pass& operator=(one_pass&&) = default;

    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = element;
        using difference_type = std::ptrdiff_t;

        explicit iterator(one_pass& source) : source_(&source) {}
        iterator(iterator&&) = default;
        iterator& operator=(iterator&&) = default;

        element&& operator*() const { return std::move(*source_->now_); }
        iterator& operator++() {
            source_->pull();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const iterator& at, std::default_sentinel_t) { return at.ended(); }

    private:
        bool ended() const { return !source_->now_.has_value(); }

        one_pass* source_;
    };

    iterator begin() {
        pull();
        return iterator(*this);
    }
    std::default_sentinel_t end() const noexcept { return {}; }

private:
    void pull() {
        if (seen_ != nullptr) {
            seen_->threads.insert(std::this_thread::get_id());
            ++seen_->pulled;
        }
        now_.reset();
        if (next_ < n_) {
            now_.emplace((*make_)(next_++));
        }
    }

    std::unique_ptr<Make> make_; // behind a pointer: a capturing lambda cannot be assigned
    std::optional<element> now_;
    std::size_t next_ = 0;
    std::size_t n_;
    reading* seen_;
};

} // namespace parmap_test
