// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/state_ptr.hpp>
#include <parmap/runtime/detail/task.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace parmap::detail {

/// A thread that waits for a state, and its way down to what it can run of that: work that nobody
/// has begun and that has to end first. It keeps the way, so that the next piece is not searched
/// for from the top, and needs no recursion however deep the work is nested.
template <class State>
class waiting {
public:
    /// The state is to outlive this.
    explicit waiting(State& whole) noexcept : whole_(whole), at_{state_ptr<State>(&whole), 0} {}

    enum class found { ended, piece, nothing, itself };

    /// Runs one piece, or several that follow one another. Else: the state is ready; what is left
    /// has been begun by others; or this thread is inside of it.
    found run_a_piece() noexcept {
        while (!whole_.ready()) {
            if (at_.state->ready()) {
                go_up();
            } else if (state_ptr<State> next = at_.state->unready_dependency(at_.part)) {
                go_down(std::move(next));
            } else if (run_here()) {
                return found::piece;
            } else if (!turn_back()) {
                return at_.state->runs_here() ? found::itself : found::nothing;
            }
        }
        return found::ended;
    }

    /// After `nothing`: until that may have changed.
    void sleep() noexcept {
        constexpr std::chrono::milliseconds longest{1'000};
        if (at_.state->one_is_enough()) {
            // Any of many may begin, of which none says so here.
            at_.state->sleep_for(a_while_);
            a_while_ = std::min(2 * a_while_, longest);
            at_.part = 0;
        } else {
            at_.state->sleep();
        }
    }

private:
    struct place {
        state_ptr<State> state;
        std::size_t part; // where one of several is enough: the one tried
    };

    // What is forgotten for want of memory is found again from the top, or from what is remembered.
    void go_down(state_ptr<State> next) noexcept {
        place above = std::exchange(at_, place{std::move(next), 0});
        try {
            above_.push_back(std::move(above));
        } catch (...) {
        }
    }

    void go_up() noexcept {
        if (above_.empty()) {
            at_ = place{state_ptr<State>(&whole_), 0};
        } else {
            at_ = std::move(above_.back());
            above_.pop_back();
        }
    }

    // What goes on from here is run here as well, without being queued, if that is what this thread
    // waits for.
    bool run_here() noexcept {
        if (!at_.state->claim())
            return false;
        task_chain left;
        at_.state->run_claimed(left);
        while (!above_.empty() && left.is_just(*above_.back().state)) {
            go_up();
            left = {};
            at_.state->run_claimed(left);
        }
        at_.state->home().end_task(left);
        return true;
    }

    // Where another one would do as well, goes back there.
    bool turn_back() noexcept {
        for (std::size_t i = above_.size(); i != 0; --i) {
            if (above_[i - 1].state->one_is_enough()) {
                at_ = std::move(above_[i - 1]);
                above_.resize(i - 1);
                ++at_.part;
                return true;
            }
        }
        return false;
    }

    State& whole_;
    place at_;
    std::vector<place> above_; // from the state to `at_`
    std::chrono::milliseconds a_while_{1};
};

} // namespace parmap::detail
