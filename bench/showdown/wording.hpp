// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace showdown {

/// 1234567 as "1,234,567".
std::string grouped(std::size_t value);

/// A number with `decimals` digits after the point.
std::string fixed(double value, int decimals);

/// Seconds as "1.23 s", "45.6 ms", "789 us" or "12 ns": three digits that count.
std::string duration(double seconds);

/// A speed-up as "0.12x", "1.93x", "24.8x" or "103x".
std::string factor(double speedup);

/// "1 thread", "2 threads".
std::string thread_count(std::size_t threads);

} // namespace showdown
