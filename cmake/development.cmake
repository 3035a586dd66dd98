# SPDX-License-Identifier: Apache-2.0
# What holds for parmap's own tests, examples and benchmarks, and never reaches a user's build.
# Included after the dependencies, so that none of it reaches theirs.
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

if(PROJECT_IS_TOP_LEVEL)
    # Each header compiled alone, by the target all_verify_interface_header_sets.
    set_target_properties(
        parmap
        PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON INTERFACE_HEADER_SETS_TO_VERIFY HEADERS
    )
    if(NOT MSVC)
        add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
    endif()
endif()

set(PARMAP_TSAN OFF)
if(CMAKE_CXX_FLAGS MATCHES "fsanitize=[a-z,]*thread")
    set(PARMAP_TSAN ON)
    # Through a plain oneTBB, correct programs look racy and planted races are lost among them.
    set(instrumented OFF)
    if(TBB_SANITIZE STREQUAL "thread")
        set(instrumented ON)
    elseif(TBB_ROOT)
        cmake_path(IS_PREFIX TBB_ROOT "${TBB_DIR}" NORMALIZE instrumented)
    endif()
    if(NOT instrumented)
        message(
            FATAL_ERROR
            "ThreadSanitizer needs a oneTBB that was built with it: run scripts/build-tsan-onetbb "
            "first (found ${TBB_DIR})"
        )
    endif()
endif()

# Seconds after which a test program hangs for certain; sanitizers make it several times slower.
set(PARMAP_TEST_TIMEOUT 300)
if(CMAKE_CXX_FLAGS MATCHES "fsanitize")
    set(PARMAP_TEST_TIMEOUT 900)
endif()

set(PARMAP_CHECKS ${CMAKE_CURRENT_LIST_DIR}/checks)

# A test that the program refuses the arguments: exit 2, one line of reason, nothing else.
function(parmap_add_refusal_test name target)
    add_test(
        NAME ${name}
        COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:${target}> "-DARGUMENTS=${ARGN}"
                -P ${PARMAP_CHECKS}/refuses.cmake
    )
    set_tests_properties(${name} PROPERTIES TIMEOUT 30)
endfunction()
