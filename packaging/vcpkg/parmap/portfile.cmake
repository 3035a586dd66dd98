# Headers are the same in every configuration, so that one of them will do.
set(VCPKG_BUILD_TYPE release)

# REPO and SHA512 are those of the release that this port is submitted for.
vcpkg_from_github(
    OUT_SOURCE_PATH SOURCE_PATH
    REPO parmap/parmap
    REF "v${VERSION}"
    SHA512 0
    HEAD_REF main
)

vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DPARMAP_BUILD_TESTS=OFF
        -DPARMAP_BUILD_EXAMPLES=OFF
        -DPARMAP_BUILD_BENCH=OFF
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/parmap)
vcpkg_fixup_pkgconfig()

# What is left of it is the licence, which vcpkg wants elsewhere.
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/share/doc")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
