// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/state.hpp>

#include <optional>
#include <utility>

namespace parmap::detail {

/// A state that keeps a value.
template <class T>
class value_state : public async_state {
public:
    using async_state::async_state;

    /// Once the state is ready, without an error. Nothing of the value stays behind: whoever lets
    /// go of the state last may do so at any time.
    [[nodiscard]] T take() {
        const emptied_at_end here{value_};
        return std::move(*value_);
    }

    void drop_result() noexcept override {
        async_state::drop_result();
        value_.reset();
    }

protected:
    std::optional<T> value_;

private:
    struct emptied_at_end {
        std::optional<T>& value;
        ~emptied_at_end() { value.reset(); }
    };
};

template <>
class value_state<void> : public async_state {
public:
    using async_state::async_state;
    void take() noexcept {}
};

/// Ends the work that a state stands for, whose result nobody takes: what has not begun never runs,
/// what has is waited for, unless this thread is inside of it.
inline void stop_and_join(async_state& state) noexcept {
    if (!state.ready()) {
        state.request_stop();
        if (!state.wait())
            return;
    }
    state.drop_result();
}

} // namespace parmap::detail
