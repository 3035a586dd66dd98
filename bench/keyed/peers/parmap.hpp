// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keyed/work.hpp"

#include <parmap/parmap.hpp>

#include <functional>
#include <tuple>
#include <vector>

namespace bench {

struct parmap_verbs {
    static constexpr const char* name = "parmap";

    template <class K>
    static keyed::counts<K> count(const std::vector<K>& keys) {
        return parmap::count_by(keys, std::identity());
    }

    static keyed::totals total(const std::vector<keyed::sale>& sales) {
        return parmap::reduce_by(sales, &keyed::sale::customer, &keyed::sale::price, 0.0,
                                 std::plus<>());
    }

    static keyed::groups group(const std::vector<keyed::sale>& sales) {
        return parmap::group_by(sales, &keyed::sale::customer);
    }
};

using contestants = std::tuple<parmap_verbs>;

} // namespace bench
