// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/state.hpp>
#include <parmap/async/detail/value_state.hpp>
#include <parmap/async/detail/work.hpp>
#include <parmap/async/future.hpp>
#include <parmap/runtime/detail/failure.hpp>
#include <parmap/runtime/pool.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

// Futures of several futures.

namespace parmap::detail {

template <class T>
using value_or_monostate = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
value_or_monostate<T> take_value(future<T>& from) {
    if constexpr (std::is_void_v<T>) {
        from.get();
        return {};
    } else {
        return from.get();
    }
}

/// The states of futures. Errors: std::logic_error for one that is not valid.
template <class T>
std::vector<async_state*> states_of(const std::vector<future<T>>& futures) {
    std::vector<async_state*> states;
    states.reserve(futures.size());
    for (const future<T>& part : futures)
        states.push_back(&future_access::state_of(part));
    return states;
}

/// A state that depends on several others, its parts.
template <class R>
class gathered_state : public value_state<R> {
public:
    gathered_state(team& team, const std::vector<async_state*>& parts)
        : value_state<R>(team), listeners_(std::make_unique<listener[]>(parts.size())) {
        parts_.reserve(parts.size());
        for (async_state* part : parts)
            parts_.emplace_back(part);
    }

    /// Has each part tell when it is ready. To be called once.
    void follow() noexcept {
        task_chain begun;
        this->add_reference(); // until it is ready
        for (std::size_t i = 0; i != parts_.size(); ++i) {
            listeners_[i].gathered = state_ptr<gathered_state>(this);
            listeners_[i].index = i;
            if (!parts_[i]->listen(listeners_[i]))
                listeners_[i].on_ready(begun);
        }
        all_told(begun);
        async_state::begin_all(begun);
    }

protected:
    /// Part `index` is ready; called once for each, concurrently.
    virtual void told(std::size_t index, task_chain& begun) noexcept = 0;

    /// All parts have been asked to tell.
    virtual void all_told(task_chain& begun) noexcept = 0;

    [[nodiscard]] const std::vector<state_ptr<async_state>>& parts() const noexcept {
        return parts_;
    }

    // Guarded by the mutex: who waits looks at the parts while the work may let go of them. Begins
    // at part `at`, and leaves there which it was.
    state_ptr<async_state> find_unready(std::size_t& at) noexcept {
        const std::lock_guard lock(this->mutex());
        for (; at < parts_.size(); ++at) {
            if (!parts_[at]->ready())
                return parts_[at];
        }
        return {};
    }

    // The same, which remembers how far all parts are ready.
    state_ptr<async_state> find_one_of_all_unready(std::size_t& at) noexcept {
        const std::size_t ready_below = ready_below_.load(std::memory_order_relaxed);
        const bool is_first = at <= ready_below;
        at = std::max(at, ready_below);
        state_ptr<async_state> part = find_unready(at);
        if (is_first)
            ready_below_.store(at, std::memory_order_relaxed);
        return part;
    }

    [[nodiscard]] bool has_several() const noexcept override { return true; }

    state_ptr<async_state> dependency(std::size_t index) noexcept override {
        const std::lock_guard lock(this->mutex());
        return index < parts_.size() ? parts_[index] : state_ptr<async_state>();
    }

    void release() noexcept override {
        std::vector<state_ptr<async_state>> parts; // let go of outside the lock
        const std::lock_guard lock(this->mutex());
        parts.swap(parts_);
    }

private:
    struct listener final : ready_listener {
        state_ptr<gathered_state> gathered;
        std::size_t index = 0;

        void on_ready(task_chain& begun) noexcept override {
            const state_ptr<gathered_state> here = std::move(gathered);
            here->told(index, begun);
        }
    };

    std::vector<state_ptr<async_state>> parts_;
    std::unique_ptr<listener[]> listeners_;
    std::atomic<std::size_t> ready_below_ = 0;
};

/// Ready once all parts are: their values, or the error of the lowest that failed.
template <class R, class Futures>
class all_state : public gathered_state<R> {
public:
    all_state(team& team, const std::vector<async_state*>& parts, Futures futures)
        : gathered_state<R>(team, parts), futures_(std::move(futures)), unready_(parts.size() + 1),
          stopped_from_(parts.size()) {}

protected:
    Futures futures_;

private:
    void told(std::size_t index, task_chain& begun) noexcept override {
        if (this->parts()[index]->failed())
            stop_from(index + 1);
        count_down(begun);
    }

    void all_told(task_chain& begun) noexcept override { count_down(begun); }

    // Those that were stopped fail as well, and would stop the same ones again.
    void stop_from(std::size_t begin) noexcept {
        std::size_t end = stopped_from_.load(std::memory_order_relaxed);
        while (begin < end && !stopped_from_.compare_exchange_weak(end, begin)) {
        }
        for (std::size_t i = begin; i < end; ++i)
            this->parts()[i]->request_stop();
    }

    void count_down(task_chain& begun) noexcept {
        if (unready_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            this->unblock(begun);
    }

    state_ptr<async_state> unready_dependency(std::size_t& part) noexcept override {
        return this->find_one_of_all_unready(part);
    }

    // Parts are let go of here, not where the value is: else they would end one inside the other.
    void release() noexcept override {
        gathered_state<R>::release();
        futures_ = Futures();
    }

    std::atomic<std::size_t> unready_;
    std::atomic<std::size_t> stopped_from_;
};

template <class T>
class all_of_vector final
    : public all_state<std::vector<value_or_monostate<T>>, std::vector<future<T>>> {
    using base = all_state<std::vector<value_or_monostate<T>>, std::vector<future<T>>>;

public:
    using base::base;

private:
    void execute() override {
        std::vector<value_or_monostate<T>> values; // which end here if a part has failed
        values.reserve(this->futures_.size());
        for (future<T>& part : this->futures_)
            values.push_back(take_value(part));
        this->value_.emplace(std::move(values));
    }
};

template <class... T>
class all_of_tuple final
    : public all_state<std::tuple<value_or_monostate<T>...>, std::tuple<future<T>...>> {
    using base = all_state<std::tuple<value_or_monostate<T>...>, std::tuple<future<T>...>>;

public:
    using base::base;

private:
    void execute() override {
        std::apply(
            [this](future<T>&... parts) {
                // Braces, so that the first is taken first.
                this->value_.emplace(std::tuple<value_or_monostate<T>...>{take_value(parts)...});
            },
            this->futures_);
    }
};

/// A future of a new state, which follows its parts.
template <class R, class State>
future<R> gather(state_ptr<State> state) {
    state->follow();
    return future_access::make<R>(state_ptr<value_state<R>>(std::move(state)));
}

template <class T>
auto gather_vector(std::vector<future<T>> futures) {
    using state = all_of_vector<T>;
    using result = std::vector<value_or_monostate<T>>;
    const std::vector<async_state*> parts = states_of(futures);
    team& home = parts.empty() ? pool_access::team_of(default_pool()) : parts.front()->home();
    return gather<result>(state_ptr<state>(new state(home, parts, std::move(futures))));
}

template <class... T>
auto gather_tuple(future<T>... futures) {
    using state = all_of_tuple<T...>;
    using result = std::tuple<value_or_monostate<T>...>;
    const std::vector<async_state*> parts{&future_access::state_of(futures)...};
    return gather<result>(state_ptr<state>(
        new state(parts.front()->home(), parts, std::tuple<future<T>...>(std::move(futures)...))));
}

} // namespace parmap::detail
