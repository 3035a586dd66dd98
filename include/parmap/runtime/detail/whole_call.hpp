// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/team.hpp>
#include <parmap/runtime/pool.hpp>

namespace parmap::detail {

/// A verb that makes several passes: its pool is not shut down between them.
/// Errors: std::logic_error if the pool has been shut down.
class whole_call {
public:
    explicit whole_call(const options& options) : here_(pool_access::team_of(pool_of(options))) {}

private:
    const team::presence here_;
};

} // namespace parmap::detail
