// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/state_ptr.hpp>

#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

namespace parmap::detail {

/// A walk over all that a state depends on, however deep. It remembers those states only of which
/// more is to be seen, so that a chain needs no memory.
template <class State>
class dependencies {
public:
    explicit dependencies(State& root) noexcept : at_(&root) {}

    /// The next one; null after the last.
    state_ptr<State> step() noexcept {
        for (;;) {
            if (state_ptr<State> next = at_->dependency(index_++))
                return next;
            if (left_.empty())
                return {};
            std::tie(at_, index_) = std::move(left_.back());
            left_.pop_back();
        }
    }

    /// Goes on with what the last one depends on. Without memory that is asked to stop at once.
    void enter(state_ptr<State> last) noexcept {
        if (!last->dependency(0))
            return;
        if (at_->dependency(index_) && !leave_for_later())
            return last->request_stop();
        at_ = std::move(last);
        index_ = 0;
    }

private:
    bool leave_for_later() noexcept {
        try {
            left_.emplace_back(at_, index_);
            return true;
        } catch (...) {
            return false;
        }
    }

    state_ptr<State> at_;
    std::size_t index_ = 0;
    std::vector<std::pair<state_ptr<State>, std::size_t>> left_;
};

} // namespace parmap::detail
