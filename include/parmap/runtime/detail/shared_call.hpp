// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>

namespace parmap::detail {

/// A call, as the workers of a team see it: something to join while it stands in the team's list.
class shared_call {
public:
    shared_call(const shared_call&) = delete;
    shared_call& operator=(const shared_call&) = delete;

protected:
    shared_call() = default;
    ~shared_call() = default;

private:
    friend class team;

    /// Works on the call until nothing is left that this thread could begin.
    virtual void work() noexcept = 0;

    /// Whether a worker that leaves should come back: something has been added meanwhile.
    virtual bool work_added() noexcept { return false; }

    // All guarded by the team's mutex; `active_` is atomic so that the caller may spin on it.
    std::size_t room_ = 0; // how many more workers may join
    std::atomic<std::size_t> active_ = 0;
    bool waited_for_ = false;
    std::condition_variable idle_;
    shared_call* next_ = nullptr;
    shared_call* previous_ = nullptr;
};

} // namespace parmap::detail
