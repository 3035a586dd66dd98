// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#ifdef __linux__
#include <sys/prctl.h>
#include <unistd.h>
#endif

namespace parmap_test {

/// Shows where every thread of this process is, if there is a gdb to tell.
inline void print_stacks() {
#ifdef __linux__
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); // gdb is a child, which may not else
    const std::string gdb = "command -v gdb >/dev/null && timeout 60 gdb -batch -nx -p " +
                            std::to_string(getpid()) + " -ex 'thread apply all backtrace' 1>&2";
    if (std::system(gdb.c_str()) != 0)
        std::fputs("no stacks: gdb did not tell them\n", stderr);
#endif
}

/// Aborts the process, naming the test and showing its stacks, if the scope it guards outlives its
/// limit: a hang then shows as a failure with a name and not as a test run that never ends.
class watchdog {
public:
    explicit watchdog(std::string what, std::chrono::seconds limit = std::chrono::seconds(120))
        : what_(std::move(what)), thread_([this, limit] { watch(limit); }) {}

    watchdog(const watchdog&) = delete;
    watchdog& operator=(const watchdog&) = delete;

    ~watchdog() {
        {
            const std::lock_guard lock(mutex_);
            done_ = true;
        }
        ended_.notify_one();
        thread_.join();
    }

private:
    void watch(std::chrono::seconds limit) {
        std::unique_lock lock(mutex_);
        if (ended_.wait_for(lock, limit, [this] { return done_; })) {
            return;
        }
        std::fprintf(stderr, "watchdog: \"%s\" still runs after %lld s\n", what_.c_str(),
                     static_cast<long long>(limit.count()));
        std::fflush(nullptr);
        print_stacks();
        std::signal(SIGABRT, SIG_DFL); // what a test framework does then is not for this moment
        std::abort();
    }

    std::string what_;
    std::mutex mutex_;
    std::condition_variable ended_;
    bool done_ = false;
    std::thread thread_; // last: it reads the members above
};

} // namespace parmap_test
