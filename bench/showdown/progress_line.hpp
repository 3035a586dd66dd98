// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace showdown {

/// One line on stderr that says what is being measured; silent where stderr is not a terminal.
class progress_line {
public:
    progress_line();
    ~progress_line();
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;

    void show(const std::string& text);
    void clear();

private:
    bool on_terminal_;
};

} // namespace showdown
