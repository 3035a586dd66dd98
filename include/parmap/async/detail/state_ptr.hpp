// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <utility>

namespace parmap::detail {

/// A counted reference to a state.
template <class State>
class state_ptr {
public:
    state_ptr() = default;
    explicit state_ptr(State* state) noexcept : state_(state) {
        if (state_ != nullptr)
            state_->add_reference();
    }
    state_ptr(const state_ptr& other) noexcept : state_ptr(other.state_) {}
    state_ptr(state_ptr&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
    template <class Derived>
        requires std::derived_from<Derived, State>
    state_ptr(const state_ptr<Derived>& other) noexcept : state_ptr(other.get()) {}
    template <class Derived>
        requires std::derived_from<Derived, State>
    state_ptr(state_ptr<Derived>&& other) noexcept : state_(other.release()) {}
    state_ptr& operator=(state_ptr other) noexcept {
        std::swap(state_, other.state_);
        return *this;
    }
    ~state_ptr() {
        if (state_ != nullptr)
            state_->drop_reference();
    }

    /// The state, with the reference that this has held.
    [[nodiscard]] State* release() noexcept { return std::exchange(state_, nullptr); }

    [[nodiscard]] State* get() const noexcept { return state_; }
    State* operator->() const noexcept { return state_; }
    State& operator*() const noexcept { return *state_; }
    explicit operator bool() const noexcept { return state_ != nullptr; }

private:
    State* state_ = nullptr;
};

} // namespace parmap::detail
