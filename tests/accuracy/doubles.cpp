// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <parmap/algorithm/reduce.hpp>
#include <parmap/core/indices.hpp>

#include <cmath>
#include <mpfr.h>
#include <span>

namespace accuracy {
namespace {

using namespace parmap_tests;

constexpr mpfr_prec_t precision = 140;
constexpr std::size_t batch = 10'000;

const point_class classes[] = {
    {"[-750, 750]", -750, 750},       {"1e-300 .. 1, both signs", -300, 0, true},
    {"abs(x) < 0.35", -0.35, 0.35},   {"[-5, 5]", -5, 5},
    {"[355.0, 355.3]", 355.0, 355.3}, {"[709.5, 710.6]", 709.5, 710.6},
    {"[-709, -707]", -709, -707},     {"[-746, -708]", -746, -708}};

class number {
public:
    number() { mpfr_init2(value_, precision); }
    number(const number&) = delete;
    number& operator=(const number&) = delete;
    ~number() { mpfr_clear(value_); }
    operator mpfr_ptr() { return value_; }

private:
    mpfr_t value_;
};

/// A true value: the nearest double, and in its ULPs what that is away.
struct truth {
    double nearest, beyond;
    int scale; // 2^scale ULPs are 1
};

/// exp, expm1, sinh and exp_sinh of one x by one call of MPFR's exp or expm1.
class oracle {
public:
    void set(double x) {
        mpfr_set_d(x_, x, MPFR_RNDN);
        if (std::fabs(x) < 0.1) { // e - 1 would lose digits
            mpfr_expm1(less_one_, x_, MPFR_RNDN);
            mpfr_add_ui(e_, less_one_, 1, MPFR_RNDN);
        } else {
            mpfr_exp(e_, x_, MPFR_RNDN);
            mpfr_sub_ui(less_one_, e_, 1, MPFR_RNDN);
        }
    }

    truth of(kernel_name f) {
        switch (f) {
        case kernel_name::exp:
            return judged(e_);
        case kernel_name::expm1:
            return judged(less_one_);
        case kernel_name::sinh: // (m + m / e) / 2 with m = e - 1
            mpfr_div(result_, less_one_, e_, MPFR_RNDN);
            mpfr_add(result_, result_, less_one_, MPFR_RNDN);
            break;
        default: // m (m + 2) / 2
            mpfr_add_ui(result_, less_one_, 2, MPFR_RNDN);
            mpfr_mul(result_, result_, less_one_, MPFR_RNDN);
        }
        mpfr_div_2ui(result_, result_, 1, MPFR_RNDN);
        return judged(result_);
    }

private:
    truth judged(mpfr_ptr value) {
        const double nearest = mpfr_get_d(value, MPFR_RNDN);
        if (!std::isfinite(nearest))
            return {nearest, 0, 0};
        int exponent = 0;
        std::frexp(nearest, &exponent);
        const int scale = DBL_MANT_DIG - std::max(exponent, DBL_MIN_EXP);
        mpfr_sub_d(lost_, value, nearest, MPFR_RNDN);
        mpfr_mul_2si(lost_, lost_, scale, MPFR_RNDN);
        return {nearest, mpfr_get_d(lost_, MPFR_RNDN), scale};
    }

    number x_, e_, less_one_, result_, lost_;
};

double error_of(double y, const truth& t) {
    if (!std::isfinite(y) || !std::isfinite(t.nearest))
        return y == t.nearest ? 0 : HUGE_VAL;
    return std::fabs(std::ldexp(y - t.nearest, t.scale) - t.beyond);
}

worst_errors measure_batch(const point_class& set, std::size_t seed,
                           const std::vector<kernel_table>& kernels) {
    const auto x = random_points<double>(set, batch, seed);
    std::vector<std::array<truth, functions>> truths(batch);
    oracle ask;
    for (std::size_t i = 0; i < batch; ++i) {
        ask.set(x[i]);
        for (std::size_t f = 0; f < functions; ++f)
            truths[i][f] = ask.of(all_names[f]);
    }
    worst_errors worst(kernels.size());
    std::vector<double> y(batch);
    for (std::size_t k = 0; k < kernels.size(); ++k) {
        for (std::size_t f = 0; f < functions; ++f) {
            apply(kernels[k], all_names[f], x.data(), y.data(), batch);
            for (std::size_t i = 0; i < batch; ++i)
                worst.note(k, f, error_of(y[i], truths[i][f]));
        }
    }
    return worst;
}

} // namespace

std::vector<finding> measure_doubles(std::size_t points) {
    const auto kernels = usable_kernels();
    const std::size_t batches = (points + batch - 1) / batch;
    std::vector<finding> found;
    for (const point_class& set : classes) {
        const auto first_seed = found.size() * batches;
        const auto measure = [&](std::size_t i) {
            return measure_batch(set, first_seed + i, kernels);
        };
        found.push_back(
            {set.name, parmap::map_reduce(parmap::indices(batches), measure,
                                          worst_errors(kernels.size()), std::plus<>{})});
    }
    mpfr_free_cache();
    return found;
}

} // namespace accuracy
