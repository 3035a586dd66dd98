// SPDX-License-Identifier: Apache-2.0
// Two translation units, of which the other one may use all that this machine has: both must agree
// on what they compute and on what there is one of.
#include <parmap/parmap.hpp>

#include "../answers.hpp"

int check_answers_natively();
const void* native_pool();
std::vector<double> exp_sinh_natively(const std::vector<double>& in);

int main() {
    const std::vector<double> in = {-5.0, -0.0, 0.5, 1.0, 100.0};
    std::vector<double> out(in.size());
    parmap::simd::exp_sinh(in, out);
    const bool agree = native_pool() == &parmap::default_pool() && exp_sinh_natively(in) == out;
    return agree && check_answers() == 0 ? check_answers_natively() : 1;
}
