# SPDX-License-Identifier: Apache-2.0
# Rayon as the system's package manager installs it (Debian: cargo, librust-rayon-dev).
set(BENCH_CRATES /usr/share/cargo/registry CACHE PATH "Where the system keeps Rust crates")
find_program(BENCH_CARGO cargo)
file(GLOB rayon ${BENCH_CRATES}/rayon-1.*)
if(NOT BENCH_CARGO OR NOT rayon)
    return()
endif()
execute_process(COMMAND ${BENCH_CARGO} --version RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
if(NOT status EQUAL 0)
    return() # rustup's cargo, and no toolchain chosen
endif()

# Built from a copy: cargo writes a lock file beside what it builds.
set(crate ${CMAKE_CURRENT_BINARY_DIR}/rayon)
configure_file(${CMAKE_CURRENT_LIST_DIR}/Cargo.toml ${crate}/Cargo.toml COPYONLY)
configure_file(${CMAKE_CURRENT_LIST_DIR}/lib.rs ${crate}/lib.rs COPYONLY)
set(library ${crate}/target/release/libbench_rayon.a)
add_custom_command(
    OUTPUT ${library}
    COMMAND
        ${BENCH_CARGO} build --release --offline --quiet
        --config "source.crates-io.replace-with=\"system\""
        --config "source.system.directory=\"${BENCH_CRATES}\""
    WORKING_DIRECTORY ${crate}
    DEPENDS ${crate}/Cargo.toml ${crate}/lib.rs
    VERBATIM
)
add_custom_target(bench_rayon DEPENDS ${library})
add_peer(rayon ${library} Threads::Threads ${CMAKE_DL_LIBS})
add_dependencies(bench_peer_rayon bench_rayon)
