// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keyed/loops.hpp"

#include <tuple>

namespace bench {

// What every peer here is: a name, and those of `count`, `total` and `group` that the library's
// users would write. `keyed::serial` against itself shows how far to trust a run.
using contestants = std::tuple<keyed::serial>;

} // namespace bench
