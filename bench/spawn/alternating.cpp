// SPDX-License-Identifier: Apache-2.0
#include "alternating.hpp"

namespace spawn {
namespace {

const unsigned steps_of_5_ns = bench::steps_in(5);
const unsigned steps_of_50_us = bench::steps_in(50'000);

} // namespace

double item_of_5_ns(double x) {
    return bench::work(x, steps_of_5_ns);
}
double item_of_50_us(double x) {
    return bench::work(x, steps_of_50_us);
}

} // namespace spawn
