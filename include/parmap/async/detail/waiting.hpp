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
///
/// Of several parts that have to end first it tries one after another, from the lowest on. What
/// this thread is inside of cannot end while it waits; nor can what needs that.
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
            } else {
                const bool stuck = cannot_end();
                if (!turn_back(stuck))
                    return stuck && !forgotten_ ? found::itself : found::nothing;
            }
        }
        return found::ended;
    }

    /// After `nothing`: until that may have changed.
    void sleep() noexcept {
        go_to_lowest();
        if (forgotten_ || several_above() || at_.state->one_is_enough()) {
            // Another one may begin, which does not say so here.
            const bool changed = at_.state->sleep_for(a_while_);
            a_while_ = changed ? shortest : std::min(2 * a_while_, longest);
        } else {
            at_.state->sleep();
        }
        if (std::exchange(forgotten_, false)) {
            above_.clear();
            go_up();
        }
    }

private:
    struct place {
        state_ptr<State> state;
        std::size_t part;      // of several: the one tried
        std::size_t stuck = 0; // how many of those tried cannot end
    };

    static constexpr std::chrono::milliseconds shortest{1};
    static constexpr std::chrono::milliseconds longest{1'000};

    // What is forgotten for want of memory is found again from the top, or from what is remembered.
    void go_down(state_ptr<State> next) noexcept {
        place above = std::exchange(at_, place{std::move(next), 0});
        try {
            above_.push_back(std::move(above));
        } catch (...) {
            forgotten_ = true;
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
        a_while_ = shortest;
        return true;
    }

    // Whether this thread is inside of what has to end first. That stays so while it waits.
    bool cannot_end() const noexcept {
        if (at_.state->runs_here())
            return true;
        return at_.stuck != 0 && (at_.stuck == at_.part || !at_.state->one_is_enough());
    }

    // Goes back to where another part may be begun. One that cannot end decides over all above it
    // but where one of several is enough.
    bool turn_back(bool stuck) noexcept {
        for (std::size_t i = above_.size(); i != 0; --i) {
            const State& above = *above_[i - 1].state;
            if (stuck ? above.one_is_enough() : above.has_several()) {
                at_ = std::move(above_[i - 1]);
                above_.resize(i - 1);
                ++at_.part;
                at_.stuck += stuck ? 1 : 0;
                return true;
            }
        }
        return false;
    }

    // All parts have been tried: begins with them once more. Who waits for all of several sleeps on
    // the lowest, and who waits for one, on what that one would begin.
    void go_to_lowest() noexcept {
        at_.part = 0;
        at_.stuck = 0;
        while (!at_.state->one_is_enough() && !at_.state->ready()) {
            state_ptr<State> next = at_.state->unready_dependency(at_.part);
            if (!next)
                break;
            go_down(std::move(next));
        }
    }

    bool several_above() const noexcept {
        return std::any_of(above_.begin(), above_.end(),
                           [](const place& above) { return above.state->has_several(); });
    }

    State& whole_;
    place at_;
    std::vector<place> above_; // from the state to `at_`
    bool forgotten_ = false;   // something between them, for want of memory
    std::chrono::milliseconds a_while_ = shortest;
};

} // namespace parmap::detail
