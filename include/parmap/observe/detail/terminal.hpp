// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/ioctl.h>
#include <unistd.h>
#elif defined(_WIN32)
#include <io.h>
#endif

namespace parmap::detail {

/// Whether somebody watches: a file or a pipe remembers every line.
inline bool is_terminal(std::FILE* file) noexcept {
#if defined(__unix__) || defined(__APPLE__)
    return isatty(fileno(file)) == 1;
#elif defined(_WIN32)
    return _isatty(_fileno(file)) != 0;
#else
    static_cast<void>(file);
    return false;
#endif
}

/// How wide it is: asked anew each time, since windows change; 80 where nothing tells.
inline std::size_t terminal_columns(std::FILE* file) noexcept {
#if defined(__unix__) || defined(__APPLE__)
    winsize size{};
    if (ioctl(fileno(file), TIOCGWINSZ, &size) == 0 && size.ws_col != 0)
        return size.ws_col;
#else
    static_cast<void>(file);
#endif
    return 80;
}

/// Whether colours are wanted: no-color.org, and terminals that have none.
inline bool colours_wanted() noexcept {
    // NOLINTBEGIN(concurrency-mt-unsafe): nobody may change the environment meanwhile.
    const char* no_colour = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    // NOLINTEND(concurrency-mt-unsafe)
    const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
    return (no_colour == nullptr || *no_colour == '\0') && !dumb;
}

} // namespace parmap::detail
