# SPDX-License-Identifier: Apache-2.0
# Stand-ins for the functions of vcpkg that the portfile calls. Each does for a header-only port what
# vcpkg's documentation says of it, and refuses arguments that the port does not need.

function(vcpkg_from_github)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT_SOURCE_PATH;REPO;REF;SHA512;HEAD_REF" "")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_REPO MATCHES "^[^/]+/parmap$" OR NOT arg_REF STREQUAL "v${VERSION}")
        message(FATAL_ERROR "the port is not taken from the release ${VERSION} of parmap: ${ARGN}")
    endif()
    set(${arg_OUT_SOURCE_PATH} ${CHECKOUT} PARENT_SCOPE)
endfunction()

function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
    execute_process(
        COMMAND
            ${CMAKE_COMMAND} -S ${arg_SOURCE_PATH} -B ${CURRENT_BUILDTREES_DIR} -G Ninja
            -DCMAKE_INSTALL_PREFIX=${CURRENT_PACKAGES_DIR} -DCMAKE_BUILD_TYPE=Release
            -DFETCHCONTENT_FULLY_DISCONNECTED=ON -DBUILD_SHARED_LIBS=OFF ${arg_OPTIONS} ${CONFIGURE_OPTIONS}
        OUTPUT_QUIET
        COMMAND_ERROR_IS_FATAL ANY
    )
endfunction()

function(vcpkg_cmake_install)
    execute_process(
        COMMAND ${CMAKE_COMMAND} --build ${CURRENT_BUILDTREES_DIR} --target install
        OUTPUT_QUIET
        COMMAND_ERROR_IS_FATAL ANY
    )
endfunction()

# Moves the package to share/<port> and tells it that its prefix is two folders above.
function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "CONFIG_PATH" "")
    file(GLOB files ${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH}/*)
    if(NOT files)
        message(FATAL_ERROR "${arg_CONFIG_PATH} holds no CMake package")
    endif()
    file(COPY ${files} DESTINATION ${CURRENT_PACKAGES_DIR}/share/${PORT})
    file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/${arg_CONFIG_PATH})
    cmake_path(GET arg_CONFIG_PATH PARENT_PATH parent)
    if(parent MATCHES "/cmake$")
        file(REMOVE_RECURSE ${CURRENT_PACKAGES_DIR}/${parent})
    endif()

    set(up "get_filename_component(_IMPORT_PREFIX \"\${_IMPORT_PREFIX}\" PATH)\n")
    file(GLOB files ${CURRENT_PACKAGES_DIR}/share/${PORT}/*.cmake)
    foreach(file IN LISTS files)
        file(READ ${file} text)
        string(FIND "${text}" "${up}" at)
        if(NOT at EQUAL -1)
            string(REPLACE "${up}" "" text "${text}")
            string(SUBSTRING "${text}" 0 ${at} before)
            string(SUBSTRING "${text}" ${at} -1 after)
            file(WRITE ${file} "${before}${up}${up}${after}")
        endif()
    endforeach()
endfunction()

function(vcpkg_fixup_pkgconfig)
    file(GLOB_RECURSE files ${CURRENT_PACKAGES_DIR}/*.pc)
    foreach(file IN LISTS files)
        file(READ ${file} text)
        if(NOT text MATCHES "^prefix=\\\${pcfiledir}/")
            message(FATAL_ERROR "${file} does not find its prefix by its own place")
        endif()
    endforeach()
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
    configure_file(${arg_FILE_LIST} ${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright COPYONLY)
endfunction()
