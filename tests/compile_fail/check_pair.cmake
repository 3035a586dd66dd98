# SPDX-License-Identifier: Apache-2.0
# Holds if the good twin in SOURCE compiles, and the wrong call beside it is refused with the
# message that SOURCE expects, in a chain short enough to be read.
cmake_minimum_required(VERSION 3.25)

set(most_lines 60)

list(TRANSFORM INCLUDE_DIRS PREPEND -I)
list(FILTER INCLUDE_DIRS EXCLUDE REGEX "^-I$")

macro(compile)
    execute_process(
        COMMAND ${COMPILER} -std=c++20 -fsyntax-only ${INCLUDE_DIRS} ${ARGN} ${SOURCE}
        RESULT_VARIABLE status
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output
    )
endmacro()

file(STRINGS ${SOURCE} expected REGEX "^// refused with: ")
if(NOT expected)
    message(FATAL_ERROR "names no expected message:\n  ${SOURCE}")
endif()
string(REPLACE "// refused with: " "" expected "${expected}")

compile(-DPARMAP_TEST_GOOD_TWIN)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "the good twin was refused:\n  ${SOURCE}\n${output}")
endif()

compile()
if(status EQUAL 0)
    message(FATAL_ERROR "the wrong call was accepted:\n  ${SOURCE}")
endif()
if(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "the compiler does not say '${expected}':\n  ${SOURCE}\n${output}")
endif()
string(REGEX MATCHALL "\n" line_ends "${output}")
list(LENGTH line_ends lines)
if(lines GREATER most_lines)
    message(FATAL_ERROR "${lines} lines where ${most_lines} are enough:\n  ${SOURCE}\n${output}")
endif()
message(STATUS "refused in ${lines} lines")
