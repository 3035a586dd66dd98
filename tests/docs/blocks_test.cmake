# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/blocks.cmake)

file(REMOVE_RECURSE ${WORK})
file(WRITE ${WORK}/guide.md [=[
# A page
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

| you write | you now write |
|---|---|
| `a[0]; [b]` | `auto x = v[0];` |
| `two` | `v.clear();` <br> `v.pop_back();` |
| `none` | nothing at all |

| another | table |
|---|---|
| `of` | `other;` |
]=])
make_tests_of_page(${WORK}/guide.md ${WORK}/guide.cpp)

file(READ ${WORK}/guide.cpp actual)
set(expected [=[
#include "docs/snippets.hpp"
#include <vector>

namespace {
namespace guide_md_2 {
#line 3 "docs/guide.md"
int main() { int a[2] = {1, 2}; return a[0] - 1; }
}
} // namespace
TEST_CASE("guide.md:2") {
    REQUIRE(guide_md_2::main() == 0);
}

TEST_CASE("guide.md:9") {
#line 10 "docs/guide.md"

std::vector<int> v = {1};
auto w = "@x@ ${y} `z` \n;";
{
#line 17 "docs/guide.md"
auto x = v[0];
}
{
#line 18 "docs/guide.md"
v.clear(); v.pop_back();
}
}
]=])
if(NOT actual STREQUAL expected)
    message(FATAL_ERROR "got\n${actual}\nexpected\n${expected}")
endif()
