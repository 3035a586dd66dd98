// SPDX-License-Identifier: Apache-2.0
#include "costs.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <random>

namespace irregular {
namespace {

constexpr std::size_t items = 1'000;

double total_of(const std::vector<double>& weights) {
    return std::accumulate(weights.begin(), weights.end(), 0.0);
}

std::vector<double> pareto() {
    std::vector<double> weights(items);
    for (std::size_t i = 0; i < items; ++i) {
        const double rank = (static_cast<double>(i) + 0.5) / static_cast<double>(items);
        weights[i] = std::pow(rank, -1 / 1.1);
    }
    // Each cut lowers the total, and with it the share that is allowed: soon it is settled.
    for (int round = 0; round < 100; ++round) {
        const double most = 0.039 * total_of(weights);
        for (double& weight : weights)
            weight = std::min(weight, most);
    }
    // std::shuffle differs between standard libraries; this does not.
    std::mt19937 random(20261121);
    for (std::size_t i = items - 1; i > 0; --i)
        std::swap(weights[i], weights[random() % (i + 1)]);
    return weights;
}

std::vector<double> first_half() {
    std::vector<double> weights(items, 1);
    std::fill_n(weights.begin(), items / 2, 10);
    return weights;
}

std::vector<double> last_item() {
    std::vector<double> weights(items, 1);
    weights.back() = 0.23 / 0.77 * static_cast<double>(items - 1);
    return weights;
}

std::vector<unsigned> scaled(const std::vector<double>& weights, double total_steps) {
    const double scale = total_steps / total_of(weights);
    std::vector<unsigned> steps;
    for (const double weight : weights)
        steps.push_back(static_cast<unsigned>(std::lround(weight * scale)));
    return steps;
}

} // namespace

std::vector<distribution> distributions(double total_steps) {
    return {{"pareto", scaled(pareto(), total_steps)},
            {"first_half", scaled(first_half(), total_steps)},
            {"last_item", scaled(last_item(), total_steps)}};
}

double ideal_share(const std::vector<unsigned>& steps, double threads) {
    const double total = std::accumulate(steps.begin(), steps.end(), 0.0);
    const double largest = *std::max_element(steps.begin(), steps.end());
    return std::max(1 / threads, largest / total);
}

} // namespace irregular
