# SPDX-License-Identifier: Apache-2.0
# What the tests of the showdown share: running it, and holding what it wrote to its schema.
cmake_policy(VERSION 3.25)

file(REMOVE_RECURSE "${folder}")
file(MAKE_DIRECTORY "${folder}")

# Runs the program in `folder`; sets status, out and err.
function(run_showdown)
    execute_process(
        COMMAND "${program}" ${ARGN}
        WORKING_DIRECTORY "${folder}"
        RESULT_VARIABLE status
        OUTPUT_VARIABLE out
        ERROR_VARIABLE err
    )
    set(status "${status}" PARENT_SCOPE)
    set(out "${out}" PARENT_SCOPE)
    set(err "${err}" PARENT_SCOPE)
endfunction()

function(require_equal what actual expected)
    if(NOT "${actual}" STREQUAL "${expected}")
        message(SEND_ERROR "${what}: got '${actual}', expected '${expected}'")
    endif()
endfunction()

# The object's members are exactly `ARGN`, in this order.
function(require_members what object)
    string(JSON count LENGTH "${object}")
    set(members)
    math(EXPR last "${count} - 1")
    foreach(i RANGE ${last})
        string(JSON member MEMBER "${object}" ${i})
        list(APPEND members ${member})
    endforeach()
    set(expected ${ARGN})
    list(SORT members)
    list(SORT expected)
    require_equal("members of ${what}" "${members}" "${expected}")
endfunction()

function(require_positive what row member)
    string(JSON type TYPE "${row}" ${member})
    require_equal("type of ${what}.${member}" "${type}" NUMBER)
    string(JSON value GET "${row}" ${member})
    if(NOT value GREATER 0)
        message(SEND_ERROR "${what}.${member} is ${value}, not more than 0")
    endif()
endfunction()

# Checks the file against the schema and sets names: every row as name/input/threads.
function(read_report file)
    file(READ "${file}" report)
    require_members(report "${report}" machine size inputs rows)
    string(JSON machine GET "${report}" machine)
    require_members(
        machine
        "${machine}"
        cpu
        cores
        compiler
        flags
        isa
        scale_gbytes_per_s
        scale_threads
        date
        notes)
    require_positive(machine "${machine}" scale_gbytes_per_s)
    string(JSON rows GET "${report}" rows)
    string(JSON count LENGTH "${rows}")
    math(EXPR last "${count} - 1")
    set(names)
    foreach(i RANGE ${last})
        string(JSON row GET "${rows}" ${i})
        require_members(
            "row ${i}"
            "${row}"
            name
            input
            threads
            seconds
            speedup
            ns_per_element
            gbytes_per_s
            checksum)
        foreach(member IN ITEMS threads seconds speedup ns_per_element gbytes_per_s checksum)
            require_positive("row ${i}" "${row}" ${member})
        endforeach()
        string(JSON name GET "${row}" name)
        string(JSON input GET "${row}" input)
        string(JSON threads GET "${row}" threads)
        list(APPEND names "${name}/${input}/${threads}")
    endforeach()
    set(names "${names}" PARENT_SCOPE)
endfunction()
