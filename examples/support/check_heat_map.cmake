# SPDX-License-Identifier: Apache-2.0
# cmake -DPROGRAM=... -DFILE=... -P check_heat_map.cmake
# Holds if the picture has both axes, its scale, a cell for each point and nothing but numbers.
cmake_minimum_required(VERSION 3.25)
execute_process(
    COMMAND ${PROGRAM} --points 5 --svg ${FILE}
    OUTPUT_QUIET ERROR_QUIET
    COMMAND_ERROR_IS_FATAL ANY
)
file(READ ${FILE} picture)
foreach(part "^<svg " ">a \\(feed\\)<" ">b \\(drive\\)<" ">swing<" ">0\\.6<" ">4\\.5<" "</svg>\n$")
    if(NOT picture MATCHES "${part}")
        message(FATAL_ERROR "not in the picture: ${part}")
    endif()
endforeach()
if(picture MATCHES "nan|inf|#bbbbbb")
    message(FATAL_ERROR "a point has no value")
endif()
# The ground, 25 cells, two frames and the 100 steps of the scale.
string(REGEX MATCHALL "<rect " cells "${picture}")
list(LENGTH cells count)
if(NOT count EQUAL 128)
    message(FATAL_ERROR "${count} rectangles instead of 128")
endif()
