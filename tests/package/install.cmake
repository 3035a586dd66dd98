# SPDX-License-Identifier: Apache-2.0
# cmake -DBINARY_DIR=... -DSOURCE_DIR=... -DSTAGE=... -P install.cmake
# Installs parmap into STAGE/prefix by way of another folder, and looks at what is there.
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${STAGE})
execute_process(
    COMMAND ${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${STAGE}/before
    OUTPUT_QUIET
    COMMAND_ERROR_IS_FATAL ANY
)
# A blank, since users have them.
file(RENAME ${STAGE}/before "${STAGE}/moved prefix")

function(expect_same actual expected what)
    if(NOT "${actual}" STREQUAL "${expected}")
        message(FATAL_ERROR "${what}: installed\n${actual}\nexpected\n${expected}")
    endif()
endfunction()

# Each header, and nothing else of include/.
foreach(root IN ITEMS "${STAGE}/moved prefix" ${SOURCE_DIR})
    file(GLOB_RECURSE files RELATIVE "${root}" "${root}/include/*")
    list(SORT files)
    if(NOT DEFINED installed)
        set(installed "${files}")
    endif()
endforeach()
expect_same("${installed}" "${files}" "headers")

# Where distributions want what does not depend on the architecture.
file(GLOB folders RELATIVE "${STAGE}/moved prefix" "${STAGE}/moved prefix/*")
expect_same("${folders}" "include;share" "folders")

file(GLOB_RECURSE texts "${STAGE}/moved prefix/share/*")
foreach(text IN LISTS texts)
    file(READ "${text}" content)
    foreach(place IN ITEMS ${SOURCE_DIR} ${BINARY_DIR} ${STAGE})
        # At the beginning of a path: a checkout may stand in /parmap.
        string(REGEX REPLACE "([][+.*()^$?|\\])" "\\\\\\1" place_regex "${place}")
        if(content MATCHES "(^|[^A-Za-z0-9_}/.-])${place_regex}")
            message(FATAL_ERROR "${text} names ${place}, which a moved prefix does not have")
        endif()
    endforeach()
endforeach()
