// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/pool.hpp>

#include <atomic>
#include <bit>
#include <cstddef>
#include <functional>
#include <iterator>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap {

/// A `T` for each thread that asks for one, made when it first does: a buffer, a random engine, a
/// partial sum. Afterwards all of them can be walked over.
///
/// - Threads: `local()` may be called concurrently, from the pool's workers and any other thread;
///   what it returns is that thread's own. Everything else: once nobody calls `local()` any more.
///   A value is kept when its thread ends, and a later thread may be given it.
/// - A thread that waits for an inner call works on that meanwhile, and may call `local()` there:
///   what is half done with a value must not be left so across an inner call.
template <class T>
class worker_local {
    struct node;

    template <class Value>
    class walker {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = Value*;
        using reference = Value&;

        walker() = default;
        explicit walker(node* at) noexcept : at_(at) {}

        reference operator*() const noexcept { return at_->value; }
        pointer operator->() const noexcept { return &at_->value; }
        walker& operator++() noexcept {
            at_ = at_->next;
            return *this;
        }
        walker operator++(int) noexcept {
            walker before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const walker&, const walker&) = default;

    private:
        node* at_ = nullptr;
    };

public:
    /// Walks over the values; forward only.
    using iterator = walker<T>;
    /// The same over values that may not be changed.
    using const_iterator = walker<const T>;

    /// `make()` is called once for each thread, concurrently, through one shared object.
    explicit worker_local(
        pool& pool, std::function<T()> make = [] { return T(); })
        : make_(std::move(make)), rows_(std::bit_ceil(2 * pool.size())) {}

    worker_local(const worker_local&) = delete;
    worker_local& operator=(const worker_local&) = delete;

    ~worker_local() {
        for (node* at = first_.load(std::memory_order_acquire); at != nullptr;)
            delete std::exchange(at, at->next);
    }

    /// This thread's value.
    /// Errors: what `make` throws; then there is none, and the next call tries again.
    [[nodiscard]] T& local() {
        const std::thread::id me = std::this_thread::get_id();
        std::atomic<node*>& row = rows_[std::hash<std::thread::id>()(me) & (rows_.size() - 1)];
        // Only this thread could add what is looked for.
        node* at = row.load(std::memory_order_acquire);
        while (at != nullptr && at->owner != me)
            at = at->next_in_row;
        return at != nullptr ? at->value : added(row, me);
    }

    /// How many threads have a value.
    [[nodiscard]] std::size_t size() const noexcept {
        return static_cast<std::size_t>(std::distance(begin(), end()));
    }

    /// Whether no thread has a value yet.
    [[nodiscard]] bool empty() const noexcept { return begin() == end(); }

    /// The values, in no particular order.
    [[nodiscard]] iterator begin() noexcept {
        return iterator(first_.load(std::memory_order_acquire));
    }
    /// Behind the last value.
    [[nodiscard]] iterator end() noexcept { return iterator(); }
    /// The values, in no particular order.
    [[nodiscard]] const_iterator begin() const noexcept {
        return const_iterator(first_.load(std::memory_order_acquire));
    }
    /// Behind the last value.
    [[nodiscard]] const_iterator end() const noexcept { return const_iterator(); }

private:
    struct node {
        node(std::thread::id thread, const std::function<T()>& make)
            : owner(thread), value(make()) {}

        const std::thread::id owner;
        T value;
        node* next_in_row = nullptr;
        node* next = nullptr;
    };

    T& added(std::atomic<node*>& row, std::thread::id me) {
        node* const mine = new node(me, make_);
        link(row, mine, mine->next_in_row);
        link(first_, mine, mine->next);
        return mine->value;
    }

    static void link(std::atomic<node*>& first, node* added, node*& next) noexcept {
        next = first.load(std::memory_order_relaxed);
        while (!first.compare_exchange_weak(next, added, std::memory_order_acq_rel,
                                            std::memory_order_relaxed)) {
        }
    }

    const std::function<T()> make_;
    std::vector<std::atomic<node*>> rows_; // by thread, so that many threads find theirs soon
    std::atomic<node*> first_ = nullptr;
};

/// `worker_local(pool, make)` holds what `make` returns.
template <class F>
worker_local(pool&, F) -> worker_local<std::decay_t<std::invoke_result_t<F&>>>;

} // namespace parmap
