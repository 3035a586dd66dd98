// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/async/detail/as_completed.hpp>
#include <parmap/async/detail/gathered.hpp>
#include <parmap/async/detail/gathered_any.hpp>
#include <parmap/async/future.hpp>

#include <cstddef>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parmap {

/// What `when_any` gives: all the futures, and the index of one that is ready.
template <class T>
struct when_any_result {
    std::size_t index = 0;          ///< of one that is ready
    std::vector<future<T>> futures; ///< all of them, in their order
};

/// A future of the vector of the values of all futures, `std::monostate` for those of void.
///
/// - Errors: if some fail, the error of the lowest index; higher ones are asked to stop as soon as
///   a lower one has failed, lower ones are waited for. std::logic_error for a future that is not
///   valid.
/// - Cancellation: its stop and its destruction reach all of them.
/// - Blocking: no. Who waits for it runs those that nobody has begun.
template <class T>
auto when_all(std::vector<future<T>> futures) {
    return detail::gather_vector(std::move(futures));
}

/// A future of the tuple of the values of all futures, `std::monostate` for those of void.
/// Otherwise as for a vector.
template <class First, class... Rest>
auto when_all(future<First> first, future<Rest>... rest) {
    return detail::gather_tuple(std::move(first), std::move(rest)...);
}

/// A future that is ready once one of several futures is. All are given back, none is stopped, and
/// errors stay inside.
///
/// - Errors: std::invalid_argument for no futures at all, since none of them would ever be ready.
/// - Cancellation: its stop and its destruction reach all of them, until they are given back.
/// - Blocking: no. Who waits for it runs those that nobody has begun.
template <class T>
future<when_any_result<T>> when_any(std::vector<future<T>> futures) {
    if (futures.empty())
        throw std::invalid_argument("parmap::when_any: no futures to wait for");
    return detail::gather_any<when_any_result<T>>(std::move(futures));
}

/// An input range of the futures, each as it becomes ready. To be iterated once.
///
/// - Threads: one thread's. - Cancellation: destroying it stops and joins those not yet given out.
/// - Blocking: stepping waits for the next one to be ready; who waits runs those that nobody has
///   begun.
///
/// Example: examples/09_async.cpp
template <class T>
detail::completed_futures<T> as_completed(std::vector<future<T>> futures) {
    return detail::completed_futures<T>(std::move(futures));
}

} // namespace parmap
