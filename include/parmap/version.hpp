// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace parmap {

/// The one place that states the version (semantic versioning); CMake and Conan read it from here.
inline constexpr int version_major = 0;
/// Rises with what is new; before 1.0 it may change what users type.
inline constexpr int version_minor = 1;
/// Rises with what is mended.
inline constexpr int version_patch = 0;

} // namespace parmap
