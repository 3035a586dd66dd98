// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

namespace parmap::detail {

class task_chain;

/// Work that a team does by itself, once: a link in the queue where it waits to be begun.
class task {
public:
    task(const task&) = delete;
    task& operator=(const task&) = delete;

protected:
    task() = default;
    ~task() = default;

private:
    friend class task_chain;
    friend class task_queue;
    friend class team;

    /// Does the work, on a thread that has taken it out of the queue. The task may be gone then;
    /// what is to be queued in turn, with the same team, is in `left`.
    virtual void run(task_chain& left) noexcept = 0;

    // Guarded by the team's mutex, once the task has been queued.
    task* next_ = nullptr;
    task* previous_ = nullptr;
    bool queued_ = false;
};

/// Tasks that one thread is about to queue, first in, first out.
class task_chain {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

    /// Whether this and no other task is in it.
    [[nodiscard]] bool is_just(const task& one) const noexcept {
        return first_ == &one && last_ == &one;
    }

    void push(task& added) noexcept {
        added.next_ = nullptr;
        (first_ != nullptr ? last_->next_ : first_) = &added;
        last_ = &added;
    }

    /// Null if it is empty.
    task* pop() noexcept {
        task* const taken = first_;
        if (taken != nullptr)
            first_ = taken->next_;
        return taken;
    }

private:
    task* first_ = nullptr;
    task* last_ = nullptr;
};

/// Tasks in the order they came, each of which can be taken out from anywhere.
class task_queue {
public:
    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

    void push(task& added) noexcept {
        added.next_ = nullptr;
        added.previous_ = last_;
        (last_ != nullptr ? last_->next_ : first_) = &added;
        last_ = &added;
        added.queued_ = true;
    }

    /// The task that has waited longest; null if none waits.
    task* pop() noexcept {
        task* const taken = first_;
        if (taken != nullptr)
            remove(*taken);
        return taken;
    }

    /// Takes a task out. False if it does not stand here any more.
    bool remove(task& taken) noexcept {
        if (!std::exchange(taken.queued_, false))
            return false;
        (taken.previous_ != nullptr ? taken.previous_->next_ : first_) = taken.next_;
        (taken.next_ != nullptr ? taken.next_->previous_ : last_) = taken.previous_;
        return true;
    }

private:
    task* first_ = nullptr;
    task* last_ = nullptr;
};

} // namespace parmap::detail
