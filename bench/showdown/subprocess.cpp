// SPDX-License-Identifier: Apache-2.0
#include "subprocess.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

extern char** environ;

namespace showdown {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::seconds time_to_clean_up{20};

pid_t spawn(const std::vector<std::string>& command, const std::array<int, 2>& out) {
    std::vector<char*> arguments;
    for (const auto& argument : command) {
        arguments.push_back(const_cast<char*>(argument.c_str())); // posix_spawn changes none
    }
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, out[0]);
    posix_spawn_file_actions_addclose(&actions, out[1]);
    pid_t child = -1;
    const int failed =
        posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? child : -1;
}

// Hands over the whole lines in `buffer` and keeps the rest.
void deliver(std::string& buffer, const std::function<void(const std::string&)>& on_line) {
    for (auto end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n')) {
        const auto line = buffer.substr(0, end);
        buffer.erase(0, end + 1);
        on_line(line);
    }
}

// True when the output has ended, false when time is up.
bool read_lines(int from, clock::time_point deadline,
                const std::function<void(const std::string&)>& on_line) {
    std::string buffer;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
        pollfd ready{from, POLLIN, 0};
        if (left.count() <= 0) {
            return false;
        }
        if (poll(&ready, 1, static_cast<int>(std::min<long long>(left.count(), 60'000))) <= 0) {
            continue;
        }
        std::array<char, 4096> piece;
        const auto size = read(from, piece.data(), piece.size());
        if (size <= 0) {
            return true;
        }
        buffer.append(piece.data(), static_cast<std::size_t>(size));
        deliver(buffer, on_line);
    }
}

bool ended(pid_t child, clock::time_point deadline, int& status) {
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (clock::now() >= deadline) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

int reap(pid_t child, bool interrupt) {
    int status = 0;
    if (interrupt) {
        kill(child, SIGTERM);
    }
    if (!ended(child, clock::now() + time_to_clean_up, status)) {
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
    }
    return status;
}

} // namespace

int run_program(const std::vector<std::string>& command, std::chrono::seconds limit,
                const std::function<void(const std::string&)>& on_line) {
    std::array<int, 2> out{};
    if (pipe(out.data()) != 0) {
        return 127;
    }
    const auto child = spawn(command, out);
    close(out[1]);
    if (child < 0) {
        close(out[0]);
        return 127;
    }
    bool finished = false;
    try {
        finished = read_lines(out[0], clock::now() + limit, on_line);
    } catch (...) {
        close(out[0]);
        reap(child, true);
        throw;
    }
    close(out[0]);
    const int status = reap(child, !finished);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace showdown
