# SPDX-License-Identifier: Apache-2.0
# The headers, a CMake package and a pkg-config file. Nothing of it depends on the architecture or
# on where the prefix ends up: it may be moved after it was installed.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/parmap)

install(TARGETS parmap EXPORT parmap FILE_SET HEADERS FILE_SET fragments)
install(EXPORT parmap DESTINATION ${package_dir} NAMESPACE parmap:: FILE parmap-targets.cmake)

# oneTBB's packages accept any version that is newer, so that 2021.5 stands for 2022 as well.
set(package_config
"include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(TBB 2021.5)
include(\${CMAKE_CURRENT_LIST_DIR}/parmap-targets.cmake)
")
file(WRITE ${PROJECT_BINARY_DIR}/parmap-config.cmake "${package_config}")
# Before 1.0 a minor version may change what users type.
write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/parmap-config-version.cmake
    COMPATIBILITY SameMinorVersion
    ARCH_INDEPENDENT
)
install(
    FILES ${PROJECT_BINARY_DIR}/parmap-config.cmake ${PROJECT_BINARY_DIR}/parmap-config-version.cmake
    DESTINATION ${package_dir}
)

set(pkgconfig_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)
file(
    RELATIVE_PATH pkgconfig_to_prefix
    ${CMAKE_INSTALL_FULL_DATADIR}/pkgconfig ${CMAKE_INSTALL_PREFIX}
)
string(REGEX REPLACE "/$" "" pkgconfig_to_prefix "${pkgconfig_to_prefix}")
# Appending a folder that is absolute, as some distributions configure it, replaces the prefix.
set(pkgconfig_includes "\${prefix}")
cmake_path(APPEND pkgconfig_includes ${CMAKE_INSTALL_INCLUDEDIR})
file(
    WRITE ${PROJECT_BINARY_DIR}/parmap.pc
"prefix=\${pcfiledir}/${pkgconfig_to_prefix}
includedir=${pkgconfig_includes}

Name: parmap
Description: ${PROJECT_DESCRIPTION}
Version: ${PROJECT_VERSION}
Requires: tbb >= 2021.5
Cflags: -I\${includedir}
Libs: -pthread
")
install(FILES ${PROJECT_BINARY_DIR}/parmap.pc DESTINATION ${pkgconfig_dir})

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/parmap)
