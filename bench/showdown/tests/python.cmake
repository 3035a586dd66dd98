# SPDX-License-Identifier: Apache-2.0
# --python adds rows of the same schema where there is a Python, and a note where there is none.
include("${CMAKE_CURRENT_LIST_DIR}/checks.cmake")

run_showdown(--size 1000 --inputs 3 --repeat 1 --threads 2 --python --json all.json --svg all.svg)
require_equal("exit status" "${status}" 0)
require_equal("standard error" "${err}" "")
read_report("${folder}/all.json")
find_program(python NAMES python3)
if(python)
    foreach(row IN ITEMS python_list/ones/1 python_list_pool/uniform/2 python_list_executor/ones/2)
        if(NOT row IN_LIST names)
            message(SEND_ERROR "there is no row ${row}, only ${names}\n${out}")
        endif()
    endforeach()
elseif(NOT out MATCHES "Note: CPython")
    message(SEND_ERROR "nothing is said about the missing Python:\n${out}")
endif()
