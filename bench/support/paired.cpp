// SPDX-License-Identifier: Apache-2.0
#include "paired.hpp"

#include <cmath>
#include <cstdio>

namespace bench {
namespace {

bool wrong_result_seen = false;

} // namespace

pairs::pairs(const sampling& how) {
    const bool hot = how.at == temperature::hot;
    least_ = hot ? how.spend.least_rounds : how.spend.cold_rounds;
    most_ = hot ? how.spend.most_rounds : how.spend.cold_rounds;
    until_ = stopwatch::now() + how.spend.budget;
}

bool pairs::enough() const {
    return count() >= most_ || (count() >= least_ && stopwatch::now() >= until_);
}

void pairs::add(double serial_ns, double call_ns) {
    serial_.push_back(serial_ns);
    call_.push_back(call_ns);
    ratio_.push_back(call_ns / serial_ns);
}

double pairs::seconds_of_call() const {
    return quantile(call_, 0.5) * 1e-9;
}

void pairs::report(benchmark::State& state) const {
    state.counters["ratio"] = quantile(ratio_, 0.5);
    state.counters["ratio_p90"] = quantile(ratio_, 0.9);
    state.counters["serial_ns"] = quantile(serial_, 0.5);
    state.counters["call_ns"] = quantile(call_, 0.5);
    state.counters["rounds"] = static_cast<double>(count());
}

double quantile(std::vector<double> values, double q) {
    const double last = static_cast<double>(values.size() - 1);
    const auto at = static_cast<std::ptrdiff_t>(std::lround(q * last));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}

bool require_same(benchmark::State& state, double expected, double checksum) {
    state.counters["checksum"] = checksum;
    // Written so that a NaN, which an item left out leaves behind, agrees with nothing.
    if (checksum == expected)
        return true;
    char reason[128];
    std::snprintf(reason, sizeof reason, "checksum %.17g instead of %.17g", checksum, expected);
    state.SkipWithError(reason);
    wrong_result_seen = true;
    return false;
}

bool any_wrong_result() {
    return wrong_result_seen;
}

} // namespace bench
