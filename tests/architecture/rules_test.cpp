// SPDX-License-Identifier: Apache-2.0
// Small trees that break one rule each, beside a good one.
#include "rules.hpp"

#include "support/catch.hpp"

#include <string>

namespace {

const std::string licence = "// SPDX-License-Identifier: Apache-2.0\n";

std::string header(const std::string& rest) {
    return licence + "#pragma once\n" + rest;
}

std::string include(const std::string& name) {
    return "#include <" + name + ">\n";
}

house::tree good_tree() {
    return {
        {"include/parmap/parmap.hpp", header("// All of it.\n" + include("parmap/core/low.hpp"))},
        {"include/parmap/version.hpp", header("")},
        {"include/parmap/core/config.hpp", header("#define PARMAP_ONE 1\n")},
        {"include/parmap/core/low.hpp",
         header(include("parmap/version.hpp") + "/* #define X */\n")},
        {"include/parmap/runtime/detail/tbb_backend.hpp", header(include("oneapi/tbb/task.h"))},
        {"include/parmap/simd/detail/text.inc", licence},
        {"include/parmap/algorithm/map.hpp", header(include("parmap/core/low.hpp"))},
        {"tests/core/config_test.cpp", licence},
        {"tests/core/low_test.cpp", licence + include("parmap/core/low.hpp")},
        {"tests/algorithm/map_test.cpp", licence},
        {"tests/runtime/tbb_backend_test.cpp", licence},
        {"tests/stress/anything_test.cpp", licence},
        {"examples/01_map.cpp", licence + include("parmap/parmap.hpp")},
    };
}

/// What is wrong with the good tree after one file in it was replaced.
std::vector<std::string> wrong_with(const std::string& file, const std::string& text) {
    auto files = good_tree();
    files[file] = text;
    return house::violations(files);
}

using found = std::vector<std::string>;

} // namespace

TEST_CASE("a good tree is accepted", "[architecture]") {
    CHECK(house::violations(good_tree()) == found{});
}

TEST_CASE("includes run down only", "[architecture]") {
    CHECK(wrong_with("include/parmap/core/low.hpp", header(include("parmap/algorithm/map.hpp"))) ==
          found{"include/parmap/algorithm/map.hpp: includes itself, "
                "include/parmap/algorithm/map.hpp > include/parmap/core/low.hpp > "
                "include/parmap/algorithm/map.hpp",
                "include/parmap/core/low.hpp: includes upwards, parmap/algorithm/map.hpp"});
    CHECK(wrong_with("include/parmap/version.hpp", header(include("parmap/parmap.hpp"))).size() ==
          2);
    CHECK(wrong_with("include/parmap/core/config.hpp",
                     header("#include \"../algorithm/map.hpp\"\n")) ==
          found{"include/parmap/core/config.hpp: includes upwards, ../algorithm/map.hpp"});
}

TEST_CASE("a circle within one layer is found", "[architecture]") {
    auto files = good_tree();
    files["include/parmap/core/low.hpp"] = header(include("parmap/core/config.hpp"));
    files["include/parmap/core/config.hpp"] = header(include("parmap/core/low.hpp"));
    CHECK(house::violations(files) ==
          found{"include/parmap/core/config.hpp: includes itself, include/parmap/core/config.hpp > "
                "include/parmap/core/low.hpp > include/parmap/core/config.hpp"});
}

TEST_CASE("only the backend includes oneTBB", "[architecture]") {
    for (const std::string name : {"tbb/tbb.h", "oneapi/tbb/task_arena.h", "oneapi/tbb.h"}) {
        CHECK(wrong_with("include/parmap/algorithm/map.hpp", header(include(name))) ==
              found{"include/parmap/algorithm/map.hpp: includes oneTBB, which only "
                    "runtime/detail/tbb_backend.hpp may"});
    }
}

TEST_CASE("an include that leads nowhere is found", "[architecture]") {
    CHECK(wrong_with("examples/01_map.cpp", licence + include("parmap/gone.hpp")) ==
          found{"examples/01_map.cpp: includes parmap/gone.hpp, which is not there"});
}

TEST_CASE("private headers are not for users", "[architecture]") {
    const std::string name = "parmap/runtime/detail/tbb_backend.hpp";
    for (const std::string user : {"examples/01_map.cpp", "bench/sort/parmap.cpp"}) {
        CHECK(wrong_with(user, licence + include(name)) ==
              found{user + ": includes the private " + name});
    }
    CHECK(wrong_with("README.md", include(name)).size() == 1);
    CHECK(wrong_with("include/parmap/parmap.hpp", header(include(name))).size() == 1);
    CHECK(wrong_with("tests/algorithm/map_test.cpp", licence + include(name)).empty());
}

TEST_CASE("macros are few and stand in one file", "[architecture]") {
    CHECK(wrong_with("include/parmap/algorithm/map.hpp", header("#  define PARMAP_X 1\n")) ==
          found{"include/parmap/algorithm/map.hpp: defines PARMAP_X outside core/config.hpp"});
    CHECK(wrong_with("include/parmap/core/config.hpp", header("#define X 1\n")) ==
          found{"include/parmap/core/config.hpp: defines X without PARMAP_ in front"});
    std::string macros;
    for (int i = 0; i < 10; ++i) {
        macros += "#define PARMAP_" + std::to_string(i) + "\n";
    }
    CHECK(wrong_with("include/parmap/core/config.hpp", header(macros)).empty());
    CHECK(wrong_with("include/parmap/core/config.hpp", header(macros + "#define PARMAP_A\n")) ==
          found{"include/parmap/core/config.hpp: has more than ten macros, 11"});
}

TEST_CASE("umbrellas hold no code", "[architecture]") {
    CHECK(wrong_with("include/parmap/parmap.hpp", header("namespace parmap {}\n")) ==
          found{"include/parmap/parmap.hpp: is an umbrella that holds code: namespace parmap {}"});
}

TEST_CASE("tests and headers mirror each other", "[architecture]") {
    CHECK(wrong_with("tests/core/stray_test.cpp", licence) ==
          found{"tests/core/stray_test.cpp: mirrors no header"});
    CHECK(wrong_with("tests/algorithm/map_errors_test.cpp", licence).empty());
    CHECK(wrong_with("tests/runtime/detail/tbb_backend_test.cpp", licence).empty());
    CHECK(wrong_with("include/parmap/core/untested.hpp", header("")) ==
          found{"include/parmap/core/untested.hpp: has no test, tests/core/untested_test.cpp"});
    CHECK(wrong_with("include/parmap/runtime/detail/untested.hpp", header("")).empty());
    CHECK(wrong_with("include/parmap/attic/old.hpp", header("")).size() == 2);
}

TEST_CASE("files start as agreed", "[architecture]") {
    CHECK(wrong_with("examples/01_map.cpp", "int main() {}\n") ==
          found{"examples/01_map.cpp: does not start with its SPDX line"});
    CHECK(wrong_with("include/parmap/version.hpp", licence + "// #pragma once\n") ==
          found{"include/parmap/version.hpp: has no #pragma once"});
}
