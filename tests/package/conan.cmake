# SPDX-License-Identifier: Apache-2.0
# cmake -DCONAN=... -DCOMPILER=... -DSOURCE_DIR=... -DWORK=... -P conan.cmake
# `conan create` in a cache of its own, without a remote: passes with C++20 and says why it does not
# with C++17.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${WORK})
set(ENV{CONAN_HOME} ${WORK}/home)
set(ENV{CXX} ${COMPILER})
# A default profile from the environment of whoever runs this is not wanted.
unset(ENV{CONAN_DEFAULT_PROFILE})

function(conan expected_status)
    list(JOIN ARGN " " shown)
    execute_process(
        COMMAND ${CONAN} ${ARGN}
        WORKING_DIRECTORY ${SOURCE_DIR}
        RESULT_VARIABLE status
        OUTPUT_VARIABLE printed
        ERROR_VARIABLE printed
    )
    if(NOT status STREQUAL "${expected_status}")
        message(FATAL_ERROR "status ${status} of: conan ${shown}\n${printed}")
    endif()
    set(printed "${printed}" PARENT_SCOPE)
endfunction()

# Ends with an error unless what was printed last matches.
function(expect_printed regex)
    if(NOT printed MATCHES "${regex}")
        message(FATAL_ERROR "Conan does not say '${regex}' but:\n${printed}")
    endif()
endfunction()

conan(0 --version)
if(NOT printed MATCHES "Conan version 2\\.")
    message("skipped: ${CONAN} is no Conan 2 but says ${printed}")
    return()
endif()

conan(0 profile detect)
conan(0 create tests/package/conan_onetbb --version 2021.8.0)
set(
    create
    create . --no-remote -s build_type=Debug -c tools.cmake.cmaketoolchain:generator=Ninja
    -c tools.cmake.cmake_layout:test_folder=${WORK}/test
)

# Conan's own code for settings that do not fit a package.
conan(6 ${create} -s compiler.cppstd=17)
expect_printed("parmap/[0-9.]+: Invalid: Current cppstd \\(17\\) is lower than the required C\\+\\+ standard \\(20\\)")

conan(0 ${create} -s compiler.cppstd=20)
expect_printed("parmap/${VERSION} \\(test package\\): Running test\\(\\)")

# One package for all settings: its name is the hash of no settings.
conan(0 list "parmap/${VERSION}:*" --format=compact)
expect_printed("da39a3ee5e6b4b0d3255bfef95601890afd80709")
