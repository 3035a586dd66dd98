// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace parmap::detail {

/// Objects that threads borrow while they run some items of a call, one for each thread that works
/// at a time: what they gather does not depend on who had it when, or it is put in order later.
///
/// Threads: `borrow` may be called concurrently; `all` once nobody works on the call any more.
template <class T, class Make>
class loans {
public:
    explicit loans(Make make) : make_(std::move(make)) {}

    /// An object on loan, given back at the end.
    class loan {
    public:
        loan() = default;
        loan(loans& owner, T& object) noexcept : owner_(&owner), object_(&object) {}
        loan(loan&& other) noexcept
            : owner_(other.owner_), object_(std::exchange(other.object_, nullptr)) {}
        loan& operator=(loan&& other) noexcept {
            std::swap(owner_, other.owner_);
            std::swap(object_, other.object_);
            return *this;
        }
        ~loan() {
            if (object_ != nullptr)
                owner_->give_back(*object_);
        }

        [[nodiscard]] bool open() const noexcept { return object_ != nullptr; }
        [[nodiscard]] T& operator*() const noexcept { return *object_; }

    private:
        loans* owner_ = nullptr;
        T* object_ = nullptr;
    };

    loan borrow() {
        const std::lock_guard lock(mutex_);
        if (free_.empty()) {
            free_.reserve(objects_.size() + 1); // so that giving back never allocates
            return loan(*this, objects_.emplace_back(make_()));
        }
        T& object = *free_.back();
        free_.pop_back();
        return loan(*this, object);
    }

    [[nodiscard]] std::deque<T>& all() noexcept { return objects_; }

private:
    void give_back(T& object) noexcept {
        const std::lock_guard lock(mutex_);
        free_.push_back(&object);
    }

    Make make_;
    std::mutex mutex_;
    std::deque<T> objects_;
    std::vector<T*> free_;
};

/// What a batch of a walked range borrows, from its first element to its end.
template <class Loans>
class late_loan {
public:
    explicit late_loan(Loans& owner) noexcept : owner_(&owner) {}

    [[nodiscard]] auto& operator*() {
        if (!loan_.open())
            loan_ = owner_->borrow();
        return *loan_;
    }

private:
    Loans* owner_;
    typename Loans::loan loan_;
};

} // namespace parmap::detail
