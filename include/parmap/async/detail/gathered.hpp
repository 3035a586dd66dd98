// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/state.hpp>
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
    using value_state<R>::value_state;

    /// Has each part tell when it is ready; then `begin_when_told` decides.
    void follow(const std::vector<async_state*>& parts) {
        parts_.reserve(parts.size());
        listeners_ = std::make_unique<listener[]>(parts.size());
        for (async_state* part : parts)
            parts_.emplace_back(part);
        for (std::size_t i = 0; i != parts_.size(); ++i) {
            listeners_[i].gathered = state_ptr<gathered_state>(this);
            listeners_[i].index = i;
            if (!parts_[i]->listen(listeners_[i]))
                listeners_[i].on_ready();
        }
    }

protected:
    /// Part `index` is ready; called once for each, concurrently.
    virtual void told(std::size_t index) noexcept = 0;

    [[nodiscard]] const std::vector<state_ptr<async_state>>& parts() const noexcept {
        return parts_;
    }

    // Guarded by the mutex: who waits looks at the parts while the work may let go of them.
    state_ptr<async_state> find_part(bool (*suits)(async_state&)) noexcept {
        const std::lock_guard lock(this->mutex());
        for (const state_ptr<async_state>& part : parts_) {
            if (suits(*part))
                return part;
        }
        return {};
    }

    void stop_work() noexcept override {
        for (std::size_t i = 0; const state_ptr<async_state> part = part_at(i); ++i)
            part->request_stop();
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

        void on_ready() noexcept override {
            const state_ptr<gathered_state> here = std::move(gathered);
            here->told(index);
        }
    };

    // Nothing behind the last one, and once they have been let go of.
    state_ptr<async_state> part_at(std::size_t i) noexcept {
        const std::lock_guard lock(this->mutex());
        return i < parts_.size() ? parts_[i] : state_ptr<async_state>();
    }

    std::vector<state_ptr<async_state>> parts_;
    std::unique_ptr<listener[]> listeners_;
};

/// Ready once all parts are: their values, or the error of the lowest that failed.
template <class R, class Futures>
class all_state : public gathered_state<R> {
public:
    all_state(team& team, std::size_t count, Futures futures)
        : gathered_state<R>(team), futures_(std::move(futures)), unready_(count + 1) {}

    /// To be called once after `follow`.
    void all_told() noexcept { count_down(); }

protected:
    Futures futures_;

private:
    void told(std::size_t index) noexcept override {
        if (this->parts()[index]->error()) {
            for (std::size_t i = index + 1; i < this->parts().size(); ++i)
                this->parts()[i]->request_stop();
        }
        count_down();
    }

    void count_down() noexcept {
        if (unready_.fetch_sub(1, std::memory_order_acq_rel) == 1)
            this->begin_or_fail();
    }

    state_ptr<async_state> unready_dependency() noexcept override {
        return this->find_part([](async_state& part) { return !part.ready(); });
    }

    std::atomic<std::size_t> unready_;
};

template <class T>
class all_of_vector final
    : public all_state<std::vector<value_or_monostate<T>>, std::vector<future<T>>> {
    using base = all_state<std::vector<value_or_monostate<T>>, std::vector<future<T>>>;

public:
    using base::base;

    std::vector<async_state*> states() { return states_of(this->futures_); }

private:
    void execute() override {
        this->value_.emplace();
        this->value_->reserve(this->futures_.size());
        for (future<T>& part : this->futures_)
            this->value_->push_back(take_value(part));
    }
};

template <class... T>
class all_of_tuple final
    : public all_state<std::tuple<value_or_monostate<T>...>, std::tuple<future<T>...>> {
    using base = all_state<std::tuple<value_or_monostate<T>...>, std::tuple<future<T>...>>;

public:
    using base::base;

    std::vector<async_state*> states() {
        return std::apply(
            [](const future<T>&... parts) {
                return std::vector<async_state*>{&future_access::state_of(parts)...};
            },
            this->futures_);
    }

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

/// Follows the parts of a new state: a future of it.
template <class R, class State>
future<R> gather(const state_ptr<State>& state) {
    future<R> result = future_access::make<R>(state_ptr<value_state<R>>(state));
    state->follow(state->states());
    state->all_told();
    return result;
}

template <class T>
auto gather_vector(std::vector<future<T>> futures) {
    using state = all_of_vector<T>;
    using result = std::vector<value_or_monostate<T>>;
    const std::size_t count = states_of(futures).size(); // refuses those that are not valid
    team& home = futures.empty() ? pool_access::team_of(default_pool())
                                 : future_access::state_of(futures.front()).home();
    return gather<result>(state_ptr<state>(new state(home, count, std::move(futures))));
}

template <class... T>
auto gather_tuple(future<T>... futures) {
    using state = all_of_tuple<T...>;
    using result = std::tuple<value_or_monostate<T>...>;
    std::tuple<future<T>...> all(std::move(futures)...);
    team& home = std::apply(
        [](const auto&... parts) -> team& {
            team* const homes[] = {&future_access::state_of(parts).home()...};
            return *homes[0];
        },
        all);
    return gather<result>(state_ptr<state>(new state(home, sizeof...(T), std::move(all))));
}

/// Ready once one part is: all parts, and which.
template <class Result, class T>
class any_state final : public gathered_state<Result> {
public:
    any_state(team& team, std::vector<future<T>> futures)
        : gathered_state<Result>(team), futures_(std::move(futures)) {}

    std::vector<async_state*> states() { return states_of(futures_); }

    /// To be called once after `follow`.
    void all_told() noexcept { begin_if(1); }

private:
    void told(std::size_t index) noexcept override {
        std::size_t none = no_index;
        if (first_.compare_exchange_strong(none, index, std::memory_order_acq_rel))
            begin_if(2);
    }

    // Begins when all listeners stand and one part is ready.
    void begin_if(unsigned step) noexcept {
        if ((steps_.fetch_or(step, std::memory_order_acq_rel) | step) == 3)
            this->begin_or_fail();
    }

    void execute() override {
        this->value_.emplace(Result{first_.load(std::memory_order_relaxed), std::move(futures_)});
    }

    void cancel() noexcept override { futures_.clear(); }

    state_ptr<async_state> unready_dependency() noexcept override {
        if (first_.load(std::memory_order_acquire) != no_index)
            return {};
        return this->find_part([](async_state& part) { return part.claimable(); });
    }

    [[nodiscard]] bool one_is_enough() const noexcept override { return true; }

    std::vector<future<T>> futures_;
    std::atomic<std::size_t> first_ = no_index;
    std::atomic<unsigned> steps_ = 0;
};

template <class Result, class T>
future<Result> gather_any(std::vector<future<T>> futures) {
    using state = any_state<Result, T>;
    static_cast<void>(states_of(futures)); // refuses those that are not valid
    team& home = future_access::state_of(futures.front()).home();
    return gather<Result>(state_ptr<state>(new state(home, std::move(futures))));
}

} // namespace parmap::detail
