// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/gathered.hpp>
#include <parmap/async/detail/state.hpp>
#include <parmap/async/detail/state_ptr.hpp>
#include <parmap/async/future.hpp>
#include <parmap/runtime/detail/failure.hpp>
#include <parmap/runtime/detail/task.hpp>

#include <atomic>
#include <cstddef>
#include <utility>
#include <vector>

namespace parmap::detail {

/// Ready once one part is: all parts, and which.
///
/// Where it gives them to nobody, since it has been stopped or its pool has been shut down, it is
/// ready once all parts are, and then lets go of them: none has to be waited for inside of it. So
/// does what goes on from it, if that is stopped, with what it has been given.
template <class Result, class T>
class any_state final : public gathered_state<Result> {
public:
    any_state(team& team, const std::vector<async_state*>& parts, std::vector<future<T>> futures)
        : gathered_state<Result>(team, parts), futures_(std::move(futures)),
          unready_(parts.size()) {}

private:
    // What has happened, each once.
    static constexpr unsigned stands = 1; // all parts have been asked to tell
    static constexpr unsigned one_ready = 2;
    static constexpr unsigned gives_none = 4;
    static constexpr unsigned all_ready = 8;

    void all_told(task_chain& begun) noexcept override { happens(stands, begun); }

    void told(std::size_t index, task_chain& begun) noexcept override {
        std::size_t none = no_index;
        if (first_.compare_exchange_strong(none, index, std::memory_order_acq_rel))
            happens(one_ready, begun);
        if (unready_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            happens(all_ready, begun);
    }

    // It is begun when one part is ready, and perhaps once more when all are.
    void happens(unsigned what, task_chain& begun) noexcept {
        const unsigned before = steps_.fetch_or(what, std::memory_order_acq_rel);
        const auto completes = [=](unsigned both) {
            return (both & what) != 0 && ((before | what) & both) == both;
        };
        if (completes(stands | one_ready) || completes(gives_none | all_ready))
            after_->unblock(begun);
    }

    bool may_cancel() noexcept override { return may_let_go_for(*this); }

    bool may_drop(async_state& after) noexcept override {
        return this->failed() || may_let_go_for(after);
    }

    bool may_let_go_for(async_state& after) noexcept {
        stop_parts();
        after_ = &after;
        return (steps_.fetch_or(gives_none, std::memory_order_acq_rel) & all_ready) != 0;
    }

    void stop_parts() noexcept {
        for (const state_ptr<async_state>& part : this->parts()) {
            if (!part->stop_requested() && !part->ready())
                part->request_stop();
        }
    }

    void drop_result() noexcept override {
        if (!this->failed())
            stop_parts();
        gathered_state<Result>::drop_result();
    }

    // What has been given is the taker's to stop.
    state_ptr<async_state> dependency(std::size_t index) noexcept override {
        return this->ready() && !gives_none_away() ? state_ptr<async_state>()
                                                   : gathered_state<Result>::dependency(index);
    }

    state_ptr<async_state> unready_inside() noexcept override {
        std::size_t first = 0;
        return gives_none_away() ? this->find_one_of_all_unready(first) : state_ptr<async_state>();
    }

    // The parts are still known when they have been given, for whoever does not take them.
    void release() noexcept override {
        if (this->failed())
            gathered_state<Result>::release();
    }

    void execute() override {
        this->value_.emplace(Result{first_.load(std::memory_order_relaxed), std::move(futures_)});
    }

    void cancel() noexcept override { futures_.clear(); }

    state_ptr<async_state> unready_dependency(std::size_t& part) noexcept override {
        if (gives_none_away())
            return this->find_one_of_all_unready(part);
        if (first_.load(std::memory_order_acquire) != no_index) {
            part = no_index; // none is to be tried
            return {};
        }
        return this->find_unready(part);
    }

    [[nodiscard]] bool one_is_enough() const noexcept override { return !gives_none_away(); }

    [[nodiscard]] bool gives_none_away() const noexcept {
        return (steps_.load(std::memory_order_acquire) & gives_none) != 0;
    }

    std::vector<future<T>> futures_;
    async_state* after_ = this; // is begun once all parts are ready; set before `gives_none`
    std::atomic<std::size_t> first_ = no_index;
    std::atomic<std::size_t> unready_;
    std::atomic<unsigned> steps_ = 0;
};

template <class Result, class T>
future<Result> gather_any(std::vector<future<T>> futures) {
    using state = any_state<Result, T>;
    const std::vector<async_state*> parts = states_of(futures);
    team& home = parts.front()->home();
    return gather<Result>(state_ptr<state>(new state(home, parts, std::move(futures))));
}

} // namespace parmap::detail
