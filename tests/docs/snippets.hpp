// SPDX-License-Identifier: Apache-2.0
#pragma once

// What stands before the code of every page: the documents leave these includes out.
#include "support/catch.hpp"

#include <parmap/parmap.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <numeric>
#include <optional>
#include <random>
#include <ranges>
#include <span>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

// An assertion of a page is one in every build.
#undef NDEBUG
#include <cassert>
