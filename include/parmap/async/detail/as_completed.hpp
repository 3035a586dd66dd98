// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/state.hpp>
#include <parmap/async/detail/value_state.hpp>
#include <parmap/async/future.hpp>
#include <parmap/runtime/detail/failure.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <iterator>
#include <memory>
#include <mutex>
#include <numeric>
#include <utility>
#include <vector>

namespace parmap::detail {

/// The indices of states that have become ready and have not been asked for yet, in that order.
///
/// Threads: every member may be called concurrently.
class completions {
public:
    explicit completions(std::size_t count) { ready_.reserve(count); }

    void add(std::size_t index) noexcept {
        const std::lock_guard lock(mutex_);
        ready_.push_back(index);
        changed_.notify_one();
    }

    /// The next one; `no_index` if there is none yet.
    std::size_t next() noexcept {
        const std::lock_guard lock(mutex_);
        return taken_ == ready_.size() ? no_index : ready_[taken_++];
    }

    void wait_for(std::chrono::milliseconds longest) noexcept {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, longest, [this] { return taken_ != ready_.size(); });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::size_t> ready_;
    std::size_t taken_ = 0;
};

/// Futures in the order in which they become ready, as an input range.
template <class T>
class completed_futures {
public:
    explicit completed_futures(std::vector<future<T>> futures)
        : futures_(std::move(futures)), shared_(std::make_shared<told_state>(futures_.size())),
          unready_after_(futures_.size()) {
        std::iota(unready_after_.begin(), unready_after_.end(), std::size_t{1});
        for (const future<T>& part : futures_)
            static_cast<void>(future_access::state_of(part));
        for (std::size_t i = 0; i != futures_.size(); ++i)
            listen(i);
    }

    completed_futures(completed_futures&&) noexcept = default;
    completed_futures& operator=(completed_futures&&) noexcept = default;

    class iterator {
    public:
        using value_type = future<T>;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        iterator() = default;
        explicit iterator(completed_futures* range) noexcept : range_(range) {}

        future<T>&& operator*() const noexcept {
            return std::move(range_->futures_[range_->current_]);
        }

        iterator& operator++() {
            range_->step();
            return *this;
        }

        void operator++(int) { ++*this; }

        friend bool operator==(const iterator& at, std::default_sentinel_t) noexcept {
            return at.at_end();
        }

    private:
        bool at_end() const noexcept { return range_->given_ > range_->futures_.size(); }

        completed_futures* range_ = nullptr;
    };

    /// Waits for the first one. To be called once.
    iterator begin() {
        step();
        return iterator(this);
    }

    std::default_sentinel_t end() const noexcept { return {}; }

private:
    struct told_state;

    struct listener final : ready_listener {
        std::shared_ptr<told_state> told;
        std::size_t index = 0;

        void on_ready(task_chain& /*begun*/) noexcept override { tell(); }

        void tell() noexcept {
            const std::shared_ptr<told_state> here = std::move(told);
            here->all.add(index);
        }
    };

    // Outlives the range where futures that were given out are not ready.
    struct told_state {
        explicit told_state(std::size_t count)
            : all(count), listeners(std::make_unique<listener[]>(count)) {}
        completions all;
        std::unique_ptr<listener[]> listeners;
    };

    void listen(std::size_t i) {
        listener& at = shared_->listeners[i];
        at.told = shared_;
        at.index = i;
        if (!future_access::state_of(futures_[i]).listen(at))
            at.tell();
    }

    void step() {
        if (++given_ > futures_.size())
            return;
        std::chrono::milliseconds a_while{1};
        while ((current_ = shared_->all.next()) == no_index) {
            if (!run_one()) {
                // What others have begun may leave something to be run, which nobody tells here.
                shared_->all.wait_for(a_while);
                a_while = std::min(2 * a_while, std::chrono::milliseconds(1'000));
            }
        }
    }

    // Who waits runs what it waits for, where nobody has begun it. What is found to be ready is not
    // looked at again.
    bool run_one() {
        std::size_t* link = &first_unready_;
        while (*link < futures_.size()) {
            const std::size_t i = *link;
            if (given_out_or_ready(i)) {
                *link = unready_after_[i];
            } else if (future_access::state_of(futures_[i]).run_a_piece()) {
                return true;
            } else {
                link = &unready_after_[i];
            }
        }
        return false;
    }

    bool given_out_or_ready(std::size_t i) const {
        return !futures_[i].valid() || futures_[i].is_ready();
    }

    std::vector<future<T>> futures_;
    std::shared_ptr<told_state> shared_;
    std::size_t given_ = 0;
    std::vector<std::size_t> unready_after_; // which one comes next in the list of those
    std::size_t first_unready_ = 0;
    std::size_t current_ = 0;
};

} // namespace parmap::detail
