# SPDX-License-Identifier: Apache-2.0
"""Stands for ConanCenter's onetbb by the system's oneTBB, so that no remote is needed."""

from conan import ConanFile


class SystemOneTBB(ConanFile):
    name = "onetbb"
    package_type = "shared-library"
    settings = "os"

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "TBB")
        self.cpp_info.set_property("cmake_config_version_compat", "AnyNewerVersion")
        library = self.cpp_info.components["libtbb"]
        library.set_property("cmake_target_name", "TBB::tbb")
        library.includedirs = []
        library.libdirs = []
        library.system_libs = ["tbb"]
