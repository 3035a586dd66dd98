# SPDX-License-Identifier: Apache-2.0
# cmake -DAWK=... -DINCLUDE=... -P names.cmake
# Holds if parmap.cppm exports each name that a public header declares, and no other.
cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE headers ${INCLUDE}/parmap/*.hpp)
list(FILTER headers EXCLUDE REGEX "/detail/")
execute_process(
    COMMAND ${AWK} -f ${CMAKE_CURRENT_LIST_DIR}/public_names.awk ${headers}
    OUTPUT_VARIABLE declared
    COMMAND_ERROR_IS_FATAL ANY
)
string(REGEX MATCHALL "[^\n]+" declared "${declared}")
list(REMOVE_DUPLICATES declared)

file(STRINGS ${INCLUDE}/parmap/parmap.cppm exported REGEX "^using ")
list(TRANSFORM exported REPLACE "^using (.*);$" "\\1")

list(LENGTH declared count)
if(count LESS 50)
    message(FATAL_ERROR "the headers of ${INCLUDE} are not read rightly: ${declared}")
endif()
foreach(name IN LISTS declared)
    if(NOT name IN_LIST exported)
        message(SEND_ERROR "include/parmap/parmap.cppm does not say: using ${name};")
    endif()
endforeach()
foreach(name IN LISTS exported)
    if(NOT name IN_LIST declared)
        message(SEND_ERROR "no public header declares what include/parmap/parmap.cppm exports: ${name}")
    endif()
endforeach()
