# SPDX-License-Identifier: Apache-2.0
# Holds if <parmap/parmap.hpp> preprocesses to at most twice the lines of the oneTBB headers that
# the backend includes.
cmake_minimum_required(VERSION 3.25)

list(TRANSFORM INCLUDE_DIRS PREPEND -I)
list(FILTER INCLUDE_DIRS EXCLUDE REGEX "^-I$")

# Lines with something on them, after the preprocessor.
function(count_lines text result)
    file(WRITE ${WORK}/lines.cpp "${text}")
    execute_process(
        COMMAND ${COMPILER} -std=c++20 ${INCLUDE_DIRS} -E -P ${WORK}/lines.cpp
        OUTPUT_VARIABLE preprocessed
        ERROR_VARIABLE complaints
        RESULT_VARIABLE status
    )
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "cannot preprocess:\n${text}${complaints}")
    endif()
    string(REGEX MATCHALL "\n" line_ends "${preprocessed}")
    list(LENGTH line_ends lines)
    set(${result} ${lines} PARENT_SCOPE)
endfunction()

file(STRINGS ${BACKEND} tbb_includes REGEX "^#include <(oneapi/)?tbb")
if(NOT tbb_includes)
    message(FATAL_ERROR "${BACKEND} includes no header of oneTBB")
endif()
list(JOIN tbb_includes "\n" tbb_text)

count_lines("${tbb_text}\n" tbb_lines)
count_lines("#include <parmap/parmap.hpp>\n" parmap_lines)
math(EXPR limit "2 * ${tbb_lines}")
set(measured "parmap.hpp ${parmap_lines} lines, its oneTBB headers ${tbb_lines}, limit ${limit}")
if(parmap_lines GREATER limit)
    message(FATAL_ERROR "too much is included: ${measured}")
endif()
message(STATUS "${measured}")
