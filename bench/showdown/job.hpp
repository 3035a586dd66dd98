// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config.hpp"

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace showdown {

/// The buffers of one run of the job. `out` is reused by every row but the one that fills `fresh`.
struct job {
    std::vector<std::vector<double>> in;
    std::vector<std::vector<double>> out;
    std::vector<std::vector<double>> fresh;
};

/// One way to do the job.
struct contestant {
    std::string name;
    std::size_t threads;
    std::function<void(job&)> run;
    bool makes_fresh = false; // its results are in `fresh`, not in `out`
};

/// Makes the inputs and the (touched) outputs of one kind.
job make_job(const config& c, kind k);

/// The value of element `position` of the whole job, counted over all inputs. A hash of the
/// position, so that any language computes the same values in any order (splitmix64, Steele et
/// al., OOPSLA 2014).
double input_value(kind k, std::uint64_t position);

/// A sum that errs by a few eps however long `values` is (Neumaier's compensation, ZAMM 1974).
class checksum {
public:
    void add(double value);
    void add(std::span<const double> values);
    double value() const { return sum_ + lost_; }

private:
    double sum_ = 0;
    double lost_ = 0;
};

double checksum_of(const std::vector<std::vector<double>>& outputs);

/// Whether two checksums agree to `checksum_tolerance`; a NaN agrees with nothing.
bool agree(double a, double b);

} // namespace showdown
