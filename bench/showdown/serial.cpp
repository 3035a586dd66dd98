// SPDX-License-Identifier: Apache-2.0
#include "contestants.hpp"
#include "operation.hpp"

namespace showdown {

contestant serial() {
    return {"serial", 1, [](job& j) {
                for (std::size_t i = 0; i < j.in.size(); ++i) {
                    for (std::size_t e = 0; e < j.in[i].size(); ++e) {
                        j.out[i][e] = operation(j.in[i][e]);
                    }
                }
            }};
}

} // namespace showdown
