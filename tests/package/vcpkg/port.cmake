# SPDX-License-Identifier: Apache-2.0
# cmake -DCHECKOUT=... -DVERSION=... -DSTAGE=... -DCONFIGURE_OPTIONS=... -P port.cmake
# Runs the port's own portfile and looks at what it packs as vcpkg's checks after a build do.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)

set(PORT parmap)
set(CURRENT_PACKAGES_DIR ${STAGE}/packages/parmap)
set(CURRENT_BUILDTREES_DIR ${STAGE}/buildtrees)
file(REMOVE_RECURSE ${STAGE})
include(${CHECKOUT}/packaging/vcpkg/parmap/portfile.cmake)

file(GLOB_RECURSE packed LIST_DIRECTORIES ON RELATIVE ${CURRENT_PACKAGES_DIR} ${CURRENT_PACKAGES_DIR}/*)
foreach(path IN LISTS packed)
    if(IS_DIRECTORY ${CURRENT_PACKAGES_DIR}/${path})
        file(GLOB inside ${CURRENT_PACKAGES_DIR}/${path}/*)
        if(NOT inside)
            message(FATAL_ERROR "the port leaves an empty folder, ${path}")
        endif()
    elseif(NOT path MATCHES "^include/parmap/")
        list(APPEND others ${path})
        file(READ ${CURRENT_PACKAGES_DIR}/${path} text)
        string(FIND "${text}" "${STAGE}" at)
        if(NOT at EQUAL -1)
            message(FATAL_ERROR "${path} names the folder that it was built in")
        endif()
    endif()
endforeach()

set(
    expected
    share/parmap/copyright
    share/parmap/parmap-config-version.cmake
    share/parmap/parmap-config.cmake
    share/parmap/parmap-targets.cmake
    share/parmap/usage
    share/pkgconfig/parmap.pc
)
if(NOT others STREQUAL expected)
    message(FATAL_ERROR "beside headers the port packs\n${others}\nand not\n${expected}")
endif()
