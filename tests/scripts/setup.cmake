# SPDX-License-Identifier: Apache-2.0
# cmake -DMANAGER=... -DSETUP=... -DWORK=... -P setup.cmake
# Holds if scripts/setup asks MANAGER, on a machine that has nothing but CMake, for what is missing.
cmake_minimum_required(VERSION 3.25)

set(apt-get "update -qq;install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 g++ ninja-build libtbb-dev catch2 libbenchmark-dev")
set(dnf "install -q -y --setopt=install_weak_deps=False gcc-c++ ninja-build tbb-devel catch-devel google-benchmark-devel")
set(brew "install --quiet ninja tbb catch2 google-benchmark")

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/bin)
foreach(tool bash sh env cat sed sort grep head dirname)
    find_program(found_${tool} ${tool} REQUIRED)
    file(CREATE_LINK ${found_${tool}} ${WORK}/bin/${tool} SYMBOLIC)
endforeach()
file(CREATE_LINK ${CMAKE_COMMAND} ${WORK}/bin/cmake SYMBOLIC)

function(add_tool name text)
    file(WRITE ${WORK}/bin/${name} "#!/bin/sh\n${text}\n")
    file(CHMOD ${WORK}/bin/${name} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
endfunction()

# Nothing is installed so far; packages are asked for as root.
add_tool(id "echo 0")
add_tool(rpm "exit 1")
add_tool(dpkg-query "exit 1")
add_tool(${MANAGER} "[ \"$1\" = list ] && exit 1\necho \"$*\" >> ${WORK}/asked")

function(run_setup expected_status)
    execute_process(
        COMMAND ${CMAKE_COMMAND} -E env --unset=PARMAP_NO_INSTALL PATH=${WORK}/bin ${ARGN}
                ${WORK}/bin/bash ${SETUP}
        RESULT_VARIABLE status
        OUTPUT_VARIABLE printed
        ERROR_VARIABLE printed
    )
    if(NOT status STREQUAL "${expected_status}")
        message(FATAL_ERROR "status ${status}, not ${expected_status}: ${printed}")
    endif()
endfunction()

run_setup(2 PARMAP_NO_INSTALL=1)
if(EXISTS ${WORK}/asked)
    message(FATAL_ERROR "${MANAGER} is asked for something though PARMAP_NO_INSTALL=1 is set")
endif()

run_setup(0)
file(STRINGS ${WORK}/asked asked)
if(NOT asked STREQUAL "${${MANAGER}}")
    message(FATAL_ERROR "${MANAGER} was asked for\n${asked}\nand not for\n${${MANAGER}}")
endif()
