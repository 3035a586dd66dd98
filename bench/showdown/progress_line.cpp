// SPDX-License-Identifier: Apache-2.0
#include "progress_line.hpp"

#include <unistd.h>

#include <iostream>

namespace showdown {

progress_line::progress_line() : on_terminal_(isatty(STDERR_FILENO) == 1) {}

progress_line::~progress_line() {
    clear();
}

void progress_line::show(const std::string& text) {
    if (on_terminal_) {
        std::cerr << "\r\x1b[K" << text.substr(0, 78) << std::flush;
    }
}

void progress_line::clear() {
    if (on_terminal_) {
        std::cerr << "\r\x1b[K" << std::flush;
    }
}

} // namespace showdown
