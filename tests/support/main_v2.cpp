// SPDX-License-Identifier: Apache-2.0
// Catch2 v2 has its main written by the one file that asks for it; v3 brings a library with one.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
