# SPDX-License-Identifier: Apache-2.0
# What the machine has is used first; what it lacks is downloaded. FETCHCONTENT_TRY_FIND_PACKAGE_MODE
# and FETCHCONTENT_SOURCE_DIR_<NAME> turn that as CMake's own manual says.
include(FetchContent)

# A macro, because Catch2's package appends to CMAKE_MODULE_PATH, which a function would lose.
# No version is asked for: Catch2's packages refuse a range that spans two majors.
macro(parmap_dependency name url tag)
    FetchContent_Declare(
        ${name}
        GIT_REPOSITORY ${url}
        GIT_TAG ${tag}
        GIT_SHALLOW ON
        SYSTEM FIND_PACKAGE_ARGS CONFIG
    )
    FetchContent_MakeAvailable(${name})
endmacro()

find_package(Threads REQUIRED)

# A project that parmap is part of may have brought its own oneTBB.
if(NOT TARGET TBB::tbb)
    set(TBB_TEST OFF CACHE BOOL "Build oneTBB's tests, where oneTBB is downloaded")
    set(TBB_STRICT OFF CACHE BOOL "Treat oneTBB's warnings as errors, where oneTBB is downloaded")
    # Without oneTBB's own install rules, the export of a parmap that links a downloaded one is refused.
    set(TBB_INSTALL ${PARMAP_INSTALL} CACHE BOOL "Install oneTBB, where oneTBB is downloaded")
    parmap_dependency(TBB https://github.com/uxlfoundation/oneTBB.git v2022.0.0)
endif()

if(PARMAP_BUILD_TESTS)
    parmap_dependency(Catch2 https://github.com/catchorg/Catch2.git v3.7.1)
endif()

# The showdown measures by itself; every other folder of bench/ is a Google Benchmark program.
file(GLOB benchmark_sources CONFIGURE_DEPENDS bench/*/*.cpp)
list(FILTER benchmark_sources EXCLUDE REGEX "/bench/showdown/")
if(PARMAP_BUILD_BENCH AND benchmark_sources)
    set(BENCHMARK_ENABLE_TESTING OFF CACHE BOOL "Build Google Benchmark's tests, where it is downloaded")
    set(BENCHMARK_ENABLE_INSTALL OFF CACHE BOOL "Install Google Benchmark, where it is downloaded")
    parmap_dependency(benchmark https://github.com/google/benchmark.git v1.9.1)
endif()
