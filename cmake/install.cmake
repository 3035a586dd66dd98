# SPDX-License-Identifier: Apache-2.0
# The headers and a CMake package, both independent of the architecture.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/parmap)

install(TARGETS parmap EXPORT parmap FILE_SET HEADERS FILE_SET fragments)
install(EXPORT parmap DESTINATION ${package_dir} NAMESPACE parmap:: FILE parmap-targets.cmake)

set(package_config
"include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(TBB 2021)
include(\${CMAKE_CURRENT_LIST_DIR}/parmap-targets.cmake)
")
file(WRITE ${PROJECT_BINARY_DIR}/parmap-config.cmake "${package_config}")
write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/parmap-config-version.cmake
    COMPATIBILITY SameMinorVersion
    ARCH_INDEPENDENT
)
install(
    FILES ${PROJECT_BINARY_DIR}/parmap-config.cmake ${PROJECT_BINARY_DIR}/parmap-config-version.cmake
    DESTINATION ${package_dir}
)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/parmap)
