# SPDX-License-Identifier: Apache-2.0
# Included by a project that has parmap inside: nothing but the library may have come along.
if(BUILD_TESTING OR TARGET parmap_catch OR TARGET showdown OR TARGET example_01_map)
    message(FATAL_ERROR "parmap brings its tests, examples or benchmarks into a user's build")
endif()
get_property(directory_options DIRECTORY PROPERTY COMPILE_OPTIONS)
get_property(target_options TARGET parmap::parmap PROPERTY INTERFACE_COMPILE_OPTIONS)
if(directory_options OR target_options)
    message(FATAL_ERROR "parmap brings compile options: ${directory_options} ${target_options}")
endif()
if(DEFINED CMAKE_CXX_STANDARD OR DEFINED CMAKE_CXX_EXTENSIONS)
    message(FATAL_ERROR "parmap changes its user's C++ standard")
endif()
