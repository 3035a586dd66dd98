// SPDX-License-Identifier: Apache-2.0
#include "contestants.hpp"
#include "operation.hpp"

#include <parmap/parmap.hpp>
#include <parmap/simd/kernels.hpp>

#include <span>
#include <vector>

namespace showdown {
namespace {

using array = std::vector<double>;

constexpr auto kernel = [](std::span<const double> x, std::span<double> y) {
    parmap::simd::exp_sinh(x, y);
};

} // namespace

contestant vectorised() {
    return {"vectorised", 1, [](job& j) {
                for (std::size_t i = 0; i < j.in.size(); ++i) {
                    kernel(j.in[i], j.out[i]);
                }
            }};
}

contestant pooled(parmap::pool& pool) {
    const auto run = [&pool](job& j) {
        parmap::parallel_for_each(parmap::indices(j.in.size()),
                                  [&](std::size_t i) {
                                      parmap::parallel_map_into(j.in[i], j.out[i], operation,
                                                                {.pool = &pool});
                                  },
                                  {.pool = &pool});
    };
    return {"pooled", pool.size(), run};
}

contestant pooled_vectorised(parmap::pool& pool) {
    const auto run = [&pool](job& j) {
        parmap::parallel_for_each(parmap::indices(j.in.size()),
                                  [&](std::size_t i) {
                                      parmap::parallel_map_blocks(j.in[i], j.out[i], kernel,
                                                                  {.pool = &pool});
                                  },
                                  {.pool = &pool});
    };
    return {"pooled_vectorised", pool.size(), run};
}

contestant pooled_vectorised_fresh(parmap::pool& pool) {
    const auto run = [&pool](job& j) {
        j.fresh = parmap::parallel_map(j.in,
                                       [&](const array& x) {
                                           return parmap::parallel_map_blocks<double>(
                                               x, kernel, {.pool = &pool});
                                       },
                                       {.pool = &pool});
    };
    return {"pooled_vectorised_fresh", pool.size(), run, true};
}

} // namespace showdown
