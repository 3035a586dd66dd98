// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/attendance.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>

namespace parmap::detail {

/// A call, as the workers of a team see it: something to join while it stands in the team's list.
class shared_call {
public:
    /// Whether a worker was waiting for it. For its caller.
    [[nodiscard]] bool was_offered() const noexcept { return offered_; }

    shared_call(const shared_call&) = delete;
    shared_call& operator=(const shared_call&) = delete;

protected:
    shared_call() = default;
    ~shared_call() = default;

private:
    friend class openings;
    friend class team;
    friend class call_list;

    /// Works on the call until nothing is left that this thread could begin.
    virtual void work() noexcept = 0;

    /// Shares out what there is: so many workers are about to be offered the call. Under the team's
    /// mutex, by who opens it.
    virtual void set_shares_aside(std::size_t /*workers*/) noexcept {}

    /// Whether a worker that leaves should come back: something has been added meanwhile.
    virtual bool work_added() noexcept { return false; }

    // All guarded by the team's mutex; what is atomic the caller may spin on.
    std::size_t room_ = 0;              // how many more workers may join
    attendance workers_;                // that have joined or have been offered the call
    std::atomic<bool> resumed_ = false; // there is more to do for a caller that waits
    bool listed_ = false;
    bool offered_ = false; // to workers in their seats
    bool waited_for_ = false;
    std::condition_variable idle_;
    shared_call* next_ = nullptr;
    shared_call* previous_ = nullptr;
};

/// The calls that workers may join, the latest first.
class call_list {
public:
    void push(shared_call& added) noexcept {
        added.next_ = first_;
        if (first_ != nullptr)
            first_->previous_ = &added;
        first_ = &added;
        added.previous_ = nullptr;
        added.listed_ = true;
    }

    void remove(shared_call& listed) noexcept {
        (listed.previous_ != nullptr ? listed.previous_->next_ : first_) = listed.next_;
        if (listed.next_ != nullptr)
            listed.next_->previous_ = listed.previous_;
        listed.listed_ = false;
    }

    /// Null if none has room for a worker.
    [[nodiscard]] shared_call* first_with_room() const noexcept {
        shared_call* call = first_;
        while (call != nullptr && call->room_ == 0)
            call = call->next_;
        return call;
    }

private:
    shared_call* first_ = nullptr;
};

} // namespace parmap::detail
