// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/concurrency.hpp>
#include <parmap/runtime/detail/team.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

namespace parmap {

namespace detail {

struct pool_access;

/// The team of the default pool, from when that is made until it is shut down: one look tells a
/// call that needs no other thread all that it has to know of the pool.
inline constinit std::atomic<team*> open_default_team = nullptr;

} // namespace detail

/// Threads that calls share: the caller of a verb and up to `size() - 1` workers work on it.
///
/// Workers start when first needed, come from oneTBB, and sleep when idle. A pool larger than the
/// machine gets its threads as far as the system grants them; a lower `tbb::global_control` set by
/// the application wins.
///
/// Threads: any number of threads may use one pool at once; construct and destroy it from one.
class pool {
public:
    /// The most threads that a pool may have.
    static constexpr std::size_t max_size = detail::most_threads;

    /// A pool of `threads` threads, or of `available_concurrency()` for 0.
    /// Errors: std::invalid_argument for more than `max_size`.
    explicit pool(std::size_t threads = 0)
        : size_(checked(threads)), team_(std::make_shared<detail::team>(size_ - 1)) {}

    /// Waits for the calls in progress. Blocking: until they have ended. Not from inside one of
    /// them, which would wait for itself: that ends the program.
    ~pool() { shutdown(); }

    pool(const pool&) = delete;
    pool& operator=(const pool&) = delete;

    /// The number of threads asked for, the caller included.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Ends the pool: later use throws std::logic_error. Blocking: until the calls in progress have
    /// ended; of the default pool, one that began on its caller's thread alone may be missed, and
    /// ends there.
    /// Errors: std::logic_error from inside a call that runs on this pool.
    void shutdown() {
        detail::team* own = team_.get();
        detail::open_default_team.compare_exchange_strong(own, nullptr);
        team_->shut_down();
    }

private:
    friend struct detail::pool_access;

    static std::size_t checked(std::size_t threads) {
        if (threads > max_size) {
            throw std::invalid_argument("parmap::pool: threads = " + std::to_string(threads) +
                                        " is more than " + std::to_string(max_size));
        }
        return threads == 0 ? available_concurrency() : threads;
    }

    std::size_t size_;
    std::shared_ptr<detail::team> team_;
};

namespace detail {

struct pool_access {
    static team& team_of(pool& pool) noexcept { return *pool.team_; }
};

// Never destroyed, so that calls from other static objects' destructors still find it. Apart, since
// all but the first call only need to know that it is there.
[[gnu::noinline]] inline pool& make_default_pool() {
    pool& made = *new pool;
    open_default_team.store(&pool_access::team_of(made));
    return made;
}

} // namespace detail

/// The pool of calls that name none: `available_concurrency()` threads, made on first use.
/// Errors: std::invalid_argument if PARMAP_NUM_THREADS is set to something that is no number.
inline pool& default_pool() {
    static pool& shared = detail::make_default_pool();
    return shared;
}

namespace detail {

/// The pool that a call's options name, or the default one.
inline pool& pool_of(const options& options) {
    return options.pool != nullptr ? *options.pool : default_pool();
}

} // namespace detail

} // namespace parmap
