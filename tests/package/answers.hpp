// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every consumer does, whichever way it came by parmap: it includes or imports parmap first.

#include <cmath>
#include <cstdio>
#include <functional>
#include <vector>

/// Exit status 0 if a map, a reduction and a future give what plain loops give.
inline int check_answers() {
    std::vector<double> numbers(10'000);
    std::vector<double> expected(numbers.size());
    double expected_sum = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = static_cast<double>(i * i);
        expected[i] = static_cast<double>(i);
        expected_sum += expected[i];
    }

    const auto roots = parmap::parallel_map(numbers, [](double x) { return std::sqrt(x); });
    const double sum = parmap::parallel_reduce(roots, 0.0, std::plus<>{});
    auto later = parmap::submit([&numbers] { return numbers.size(); });

    const bool right = roots == expected && sum == expected_sum && later.get() == numbers.size();
    if (!right) {
        std::fputs("parmap gives wrong answers here\n", stderr);
    }
    return right ? 0 : 1;
}
