# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/blocks.cmake)

function(expect actual expected what)
    if(NOT "${actual}" STREQUAL "${expected}")
        message(FATAL_ERROR "${what}: got\n${actual}\nexpected\n${expected}")
    endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
file(WRITE ${WORK}/guide.md [=[
```cpp
int main() { int a[2] = {1, 2}; return a[0] - 1; }
```
Some `inline` words.
```sh
cmake --workflow --preset dev
```
```cpp
#include <vector>
std::vector<int> v = {1};
auto w = "@x@ ${y} `z` \n;";
```
]=])
extract_cpp_blocks(${WORK}/guide.md ${WORK}/guide files)
expect("${files}" "${WORK}/guide_1.cpp;${WORK}/guide_2.cpp" "the files")

file(READ ${WORK}/guide_1.cpp first)
expect("${first}" "int main() { int a[2] = {1, 2}; return a[0] - 1; }\n" "a block with main")

file(READ ${WORK}/guide_2.cpp second)
expect("${second}" [=[
#include <parmap/parmap.hpp>
#include <vector>

int main() {
std::vector<int> v = {1};
auto w = "@x@ ${y} `z` \n;";
}
]=] "a block without main")
