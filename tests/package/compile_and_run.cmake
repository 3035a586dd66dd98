# SPDX-License-Identifier: Apache-2.0
# cmake -DWORK=... -DCOMMAND=... -P compile_and_run.cmake
# Holds if the shell command makes WORK/consumer, silently, and that runs.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
foreach(command "${COMMAND}" ./consumer)
    execute_process(
        COMMAND sh -c "${command}"
        WORKING_DIRECTORY ${WORK}
        RESULT_VARIABLE status
        OUTPUT_VARIABLE printed
        ERROR_VARIABLE printed
    )
    if(NOT status STREQUAL "0" OR NOT printed STREQUAL "")
        message(FATAL_ERROR "status ${status} of: ${command}\n${printed}")
    endif()
endforeach()
