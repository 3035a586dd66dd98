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
/// Of several parts that have to end first it tries one after another, from the lowest on; where
/// none can be begun here it stays with the lowest, and tries the others now and then. What this
/// thread is inside of cannot end while it waits; nor can what needs that.
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
        if (forgotten_ || lowest_branch() != 0 || at_.state->one_is_enough()) {
            // Another one may begin, which does not say so here.
            if (looks_) {
                look_again_ = std::chrono::steady_clock::now() + a_while_;
                a_while_ = std::min(2 * a_while_, longest);
            }
            at_.state->sleep_until(look_again_);
            looks_ = std::chrono::steady_clock::now() >= look_again_;
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
        std::size_t part;       // of several: the one tried
        std::size_t stuck = 0;  // how many of those tried cannot end
        std::size_t branch = 0; // how far down, from 1, is the lowest of several, up to this one
    };

    static constexpr std::chrono::milliseconds shortest{1};
    static constexpr std::chrono::milliseconds longest{1'000};

    // What is forgotten for want of memory is found again from the top, or from what is remembered.
    void go_down(state_ptr<State> next) noexcept {
        place above = std::exchange(at_, place{std::move(next), 0});
        above.branch = above.state->has_several() ? above_.size() + 1 : lowest_branch();
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
        if (std::exchange(turned_, false))
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
    // but where one of several is enough. To leave the way to one of all costs the way back, too:
    // not as often as what is there changes.
    bool turn_back(bool stuck) noexcept {
        std::size_t to = lowest_branch();
        if (to == 0)
            return false;
        if (stuck || !looks_) {
            while (to != 0 && !above_[to - 1].state->one_is_enough())
                to = to == 1 ? 0 : above_[to - 2].branch;
        }
        if (to == 0)
            return false;
        at_ = std::move(above_[to - 1]);
        above_.resize(to - 1);
        ++at_.part;
        at_.stuck += stuck ? 1 : 0;
        turned_ = true;
        return true;
    }

    // Counted from 1; 0: all there is above is one after another.
    std::size_t lowest_branch() const noexcept { return above_.empty() ? 0 : above_.back().branch; }

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

    State& whole_;
    place at_;
    std::vector<place> above_; // from the state to `at_`
    bool forgotten_ = false;   // something between them, for want of memory
    bool turned_ = false;      // since something was run
    std::chrono::milliseconds a_while_ = shortest;
    bool looks_ = true; // at all parts of several, since it slept
    std::chrono::steady_clock::time_point look_again_{};
};

} // namespace parmap::detail
