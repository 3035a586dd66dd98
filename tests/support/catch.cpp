// SPDX-License-Identifier: Apache-2.0
// The source for which Catch2's header is precompiled; main_v2.cpp must see it with a macro set.
#include "support/catch.hpp"
