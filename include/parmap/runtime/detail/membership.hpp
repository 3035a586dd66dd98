// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace parmap::detail {

class team;

/// This thread's being inside a call on a team, or a task of it, for as long as the object lives.
class membership {
public:
    explicit membership(const team& team) noexcept : team_(team), outer_(innermost()) {
        innermost() = this;
    }

    ~membership() { innermost() = outer_; }

    membership(const membership&) = delete;
    membership& operator=(const membership&) = delete;

    /// Whether this thread is inside a call on `team`.
    static bool of(const team& team) noexcept {
        const membership* m = innermost();
        while (m != nullptr && &m->team_ != &team)
            m = m->outer_;
        return m != nullptr;
    }

private:
    static const membership*& innermost() noexcept {
        static thread_local const membership* innermost = nullptr;
        return innermost;
    }

    const team& team_;
    const membership* outer_;
};

} // namespace parmap::detail
