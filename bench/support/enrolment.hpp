// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "effort.hpp"

#include <tuple>
#include <vector>

namespace bench {

/// Registers benchmarks; called once by `main`, which knows the effort that was asked for.
using enrol_function = void (*)(const effort&);

/// Every translation unit's, in no particular order.
std::vector<enrol_function>& enrolled();

/// At namespace scope: has `main` call `enrol`.
struct enrolment {
    explicit enrolment(enrol_function enrol) { enrolled().push_back(enrol); }
};

/// Calls `visit.operator()<Who>()` for each type of a tuple.
template <class Tuple, class Visit>
void for_each_type(const Visit& visit) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (visit.template operator()<std::tuple_element_t<I, Tuple>>(), ...);
    }(std::make_index_sequence<std::tuple_size_v<Tuple>>());
}

} // namespace bench
