# SPDX-License-Identifier: Apache-2.0
# Runs PROGRAM many times: each must succeed and print nothing.
foreach(round RANGE 1 40)
    execute_process(
        COMMAND ${PROGRAM}
        RESULT_VARIABLE status
        OUTPUT_VARIABLE printed
        ERROR_VARIABLE printed
        TIMEOUT 60
    )
    if(NOT status STREQUAL "0" OR NOT printed STREQUAL "")
        message(FATAL_ERROR "round ${round}: status ${status}, printed: ${printed}")
    endif()
endforeach()
