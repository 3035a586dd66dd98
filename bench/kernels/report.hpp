// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "measure.hpp"

#include <string>

namespace kernels_bench {

/// One Markdown table for each type.
std::string as_markdown(const figures& f);

/// The same times as bars.
std::string as_svg(const figures& f, const std::string& machine);

} // namespace kernels_bench
