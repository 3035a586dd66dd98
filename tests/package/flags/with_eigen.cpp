// SPDX-License-Identifier: Apache-2.0
// Eigen's matrices as elements and results, and its contiguous storage as a range.
#include <Eigen/Dense>

#include <parmap/parmap.hpp>

#include "../answers.hpp"

int main() {
    const std::vector<Eigen::Matrix2d> turns(1000, Eigen::Matrix2d::Identity());
    const auto doubled = parmap::parallel_map(
        turns, [](const Eigen::Matrix2d& m) -> Eigen::Matrix2d { return 2 * m; });

    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(1000);
    const double sum = parmap::sum(ones);

    const bool right = doubled.back()(1, 1) == 2.0 && sum == 1000.0;
    return right ? check_answers() : 1;
}
