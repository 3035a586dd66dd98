# SPDX-License-Identifier: Apache-2.0
"""parmap's Conan 2 package: headers over onetbb."""

import re
from pathlib import Path

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load


class Parmap(ConanFile):
    name = "parmap"
    description = "A header-only parallel map over oneTBB"
    license = "Apache-2.0"
    topics = ("parallel", "map", "reduce", "thread-pool", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports = "include/parmap/version.hpp"
    exports_sources = "include/*", "LICENSE"
    no_copy_source = True
    test_package_folder = "tests/package/conan"

    def set_version(self):
        text = load(self, Path(self.recipe_folder) / "include/parmap/version.hpp")
        parts = re.findall(r"version_(?:major|minor|patch) = (\d+)", text)
        self.version = ".".join(parts)

    def requirements(self):
        # No upper bound: one would shut out the only version that ConanCenter carries.
        self.requires("onetbb/[>=2021.5]", transitive_headers=True, transitive_libs=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def package(self):
        copy(self, "*", Path(self.source_folder) / "include", Path(self.package_folder) / "include")
        copy(self, "LICENSE", self.source_folder, Path(self.package_folder) / "licenses")

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "parmap")
        self.cpp_info.set_property("cmake_target_name", "parmap::parmap")
        self.cpp_info.set_property("pkg_config_name", "parmap")
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread"]
