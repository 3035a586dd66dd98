# SPDX-License-Identifier: Apache-2.0
# cmake -DROOT=... -P check_links.cmake
# Holds if each link to a file, and to a heading in one, of the Markdown pages leads somewhere.
cmake_minimum_required(VERSION 3.25)
file(
    GLOB pages
    ${ROOT}/*.md
    ${ROOT}/docs/*.md
    ${ROOT}/docs/design/*.md
    ${ROOT}/docs/pictures/*.md
)
set(checked 0)

# Whether a page has the heading whose anchor, as hosts of Markdown make them, is `anchor`.
function(has_heading page anchor result)
    file(STRINGS ${page} headings REGEX "^#+ ")
    foreach(heading IN LISTS headings)
        string(REGEX REPLACE "^#+ " "" heading "${heading}")
        string(TOLOWER "${heading}" heading)
        string(REGEX REPLACE "[^a-z0-9_ -]" "" heading "${heading}")
        string(REPLACE " " "-" heading "${heading}")
        if(heading STREQUAL anchor)
            set(${result} YES PARENT_SCOPE)
            return()
        endif()
    endforeach()
    set(${result} NO PARENT_SCOPE)
endfunction()

foreach(page IN LISTS pages)
    cmake_path(GET page PARENT_PATH folder)
    file(READ ${page} rest)
    while(TRUE)
        string(FIND "${rest}" "](" begin)
        if(begin EQUAL -1)
            break()
        endif()
        math(EXPR begin "${begin} + 2")
        string(SUBSTRING "${rest}" ${begin} -1 rest)
        # [](...) of a lambda is no link: that is one word, with a dot, slash or hash in it.
        if(NOT rest MATCHES "^([A-Za-z0-9_:-]*[./#][A-Za-z0-9_./#:-]*)\\)")
            continue()
        endif()
        set(link "${CMAKE_MATCH_1}")
        if(link MATCHES "^https?:")
            continue()
        endif()
        math(EXPR checked "${checked} + 1")
        string(REGEX REPLACE "#.*" "" file "${link}")
        set(target ${page})
        if(NOT file STREQUAL "")
            set(target ${folder}/${file})
        endif()
        if(NOT EXISTS ${target})
            message(SEND_ERROR "${page}: the link to ${link} leads nowhere")
        elseif(link MATCHES "\\.md#(.+)$|^#(.+)$")
            has_heading(${target} "${CMAKE_MATCH_1}${CMAKE_MATCH_2}" found)
            if(NOT found)
                message(SEND_ERROR "${page}: ${link}: there is no such heading")
            endif()
        endif()
    endwhile()
endforeach()
if(checked EQUAL 0)
    message(FATAL_ERROR "no links found in ${ROOT}")
endif()
message(STATUS "${checked} links")
