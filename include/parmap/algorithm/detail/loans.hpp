// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <cstddef>
#include <deque>
#include <mutex>
#include <ranges>
#include <type_traits>
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

template <class Make>
loans(Make) -> loans<std::invoke_result_t<Make&>, Make>;

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

template <class First, class Loans, class Give>
struct tally_body {
    First first;
    Loans& objects;
    Give& give;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        const auto loan = objects.borrow();
        for_each_of(items, at, watch, [this, &object = *loan](std::size_t i) {
            give(object, at_index(first, i), i);
        });
    }

    void discard(interval) noexcept {}
};

template <class Loans, class Give>
struct tally_sink {
    Loans& objects;
    Give& give;

    void admit(std::size_t) const noexcept {}
    auto open(interval) const noexcept { return late_loan<Loans>(objects); }

    template <class Element>
    void put(Element&& element, std::size_t i, late_loan<Loans>& object) {
        give(*object, std::forward<Element>(element), i);
    }
};

/// Gives each element of a range to an object on loan, by `give(object, element, index)`.
template <class Range, class Loans, class Give>
void tally(Range& range, Loans& objects, Give give, const options& options) {
    if constexpr (splittable_range<Range>) {
        const auto count = static_cast<std::size_t>(std::ranges::size(range));
        auto first = first_of(range);
        using body_type = tally_body<decltype(first), Loans, Give>;
        body_type body{std::move(first), objects, give};
        engine(options, memory_of<body_type>).run({count}, body);
    } else {
        using sink_type = tally_sink<Loans, Give>;
        sink_type sink{objects, give};
        walk_all(range, sink, options);
    }
}

} // namespace parmap::detail
