// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <stop_token>
#include <system_error>
#include <thread>

#if defined(__unix__) || defined(__APPLE__)
#include <cerrno>
#include <unistd.h>
#endif

namespace parmap {

namespace detail {

/// What stops when the process is interrupted. A signal handler may do next to nothing: it writes
/// into a pipe, and a thread of its own that sleeps at the other end asks to stop.
class interrupted_process {
public:
    // Never destroyed: a signal may come while the process exits.
    static interrupted_process& of_process() {
        static auto& only = *new interrupted_process;
        return only;
    }

    [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

private:
#if defined(__unix__) || defined(__APPLE__)
    interrupted_process() {
        if (pipe(ends_) != 0)
            throw std::system_error(errno, std::generic_category(), "parmap::stop_on_signal");
        std::thread([this] { wait(); }).detach();
        handle();
    }

    void wait() noexcept {
        char seen = 0;
        while (read(ends_[0], &seen, 1) < 0 && errno == EINTR) {
        }
        source_.request_stop();
    }

    static void on_signal(int signal) noexcept {
        const int error = errno;
        std::signal(signal, SIG_DFL); // the next one ends the process
        static_cast<void>(!write(ends_[1], "", 1));
        errno = error;
    }

    static inline int ends_[2] = {-1, -1};
#else
    interrupted_process() { handle(); }

    // On Windows this comes on a thread of its own.
    static void on_signal(int signal) noexcept {
        std::signal(signal, SIG_DFL);
        of_process().source_.request_stop();
    }
#endif

    static void handle() {
        std::signal(SIGINT, [](int signal) { on_signal(signal); });
    }

    std::stop_source source_;
};

} // namespace detail

/// A token that Ctrl-C sets (SIGINT), for programs whose long work should end cleanly:
/// `parallel_map(v, f, {.stop = parmap::stop_on_signal()})`. A second Ctrl-C ends the process as
/// usual.
///
/// The first call takes the signal over for good; all calls return the same token.
///
/// - Threads: any. - Errors: std::system_error where the system has no thread or pipe to give.
///
/// Example: examples/11_reaction_map.cpp
[[nodiscard]] inline std::stop_token stop_on_signal() {
    return detail::interrupted_process::of_process().token();
}

} // namespace parmap
