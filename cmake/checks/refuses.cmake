# SPDX-License-Identifier: Apache-2.0
# cmake -DPROGRAM=... "-DARGUMENTS=a;b" -P refuses.cmake
# Holds if the program ends with exit status 2 and says why in one line on standard error.
cmake_minimum_required(VERSION 3.25)
execute_process(
    COMMAND ${PROGRAM} ${ARGUMENTS}
    RESULT_VARIABLE status
    OUTPUT_VARIABLE output
    ERROR_VARIABLE reason
    TIMEOUT 20
)
string(REPLACE ";" " " shown "${PROGRAM};${ARGUMENTS}")
if(NOT status EQUAL 2)
    message(FATAL_ERROR "not refused with exit status 2 but ${status}: ${shown}\n${output}${reason}")
endif()
if(NOT output STREQUAL "")
    message(FATAL_ERROR "printed results before it refused: ${shown}\n${output}")
endif()
if(NOT reason MATCHES "^[^\n]+\n$")
    message(FATAL_ERROR "did not say why in one line: ${shown}\n${reason}")
endif()
message(STATUS "refused: ${reason}")
