// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>

#ifdef __linux__
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

// A worker that sleeps is often woken on the CPU of the thread that calls for it, and Linux leaves
// it waiting there for milliseconds, behind that thread, though others are idle: in a virtual
// machine a halted CPU does not count as idle. So a worker's affinity is set to do without that CPU
// and then to what it was, which moves it; nothing stays changed, and nobody but workers is
// touched.

namespace parmap::detail {

/// The CPU that this thread runs on at the moment; -1 where the system does not tell.
inline int current_cpu() noexcept {
#ifdef __linux__
    return sched_getcpu();
#else
    return -1;
#endif
}

#ifdef __linux__
/// Sets a thread's affinity to do without a CPU, where it may run elsewhere, for as long as it
/// lives.
class affinity_without {
public:
    /// Thread 0 is this one.
    affinity_without(int cpu, pid_t thread) noexcept : thread_(thread) {
        if (cpu < 0 || cpu >= CPU_SETSIZE ||
            sched_getaffinity(thread, sizeof allowed_, &allowed_) != 0)
            return;
        cpu_set_t others = allowed_;
        CPU_CLR(static_cast<unsigned>(cpu), &others);
        changed_ =
            CPU_COUNT(&others) != 0 && sched_setaffinity(thread, sizeof others, &others) == 0;
    }

    ~affinity_without() {
        if (changed_)
            sched_setaffinity(thread_, sizeof allowed_, &allowed_);
    }

    affinity_without(const affinity_without&) = delete;
    affinity_without& operator=(const affinity_without&) = delete;

private:
    const pid_t thread_;
    cpu_set_t allowed_;
    bool changed_ = false;
};
#endif

/// The threads that have worked for a pool and have not ended.
///
/// Threads: every member may be called concurrently.
class known_workers {
public:
    /// This thread is one, until it ends.
    void add_this_thread() {
#ifdef __linux__
        static thread_local const listed mine(*this);
#endif
    }

    /// Moves this thread, which is one, to another CPU if it runs on `cpu` and may run elsewhere.
    void move_away_from([[maybe_unused]] int cpu) {
#ifdef __linux__
        if (cpu != current_cpu())
            return;
        // Two that change an affinity at once would leave it as neither found it.
        const std::lock_guard lock(mutex_);
        const affinity_without moved(cpu, 0);
#endif
    }

    /// Calls `wake`, and has those of them that it wakes not run on `cpu`. False, and nothing has
    /// been called, if fewer than `workers` are known, since a thread that starts another hands its
    /// affinity on, or if so many are that it would take long.
    template <class Wake>
    bool wake_off(int cpu, std::size_t workers, Wake wake) {
        const std::lock_guard lock(mutex_);
        if (count_ < workers || count_ > few || process_ != this_process())
            return false;
        wake_off(cpu, first_, wake);
        return true;
    }

    // Never destroyed: threads may end after static storage has.
    static known_workers& of_process() {
        static known_workers& workers = *new known_workers;
        return workers;
    }

private:
    static constexpr std::size_t few = 4;

#ifdef __linux__
    static pid_t this_thread() noexcept {
        static thread_local const auto id = static_cast<pid_t>(syscall(SYS_gettid));
        return id;
    }
#endif

    // A forked one has none of the threads that are listed.
    static int this_process() noexcept {
#ifdef __linux__
        return getpid();
#else
        return 0;
#endif
    }

    // In the list for as long as it lives: a thread's own.
    struct listed {
#ifdef __linux__
        explicit listed(known_workers& workers) : list(workers), thread(this_thread()) {
            const std::lock_guard lock(list.mutex_);
            next = std::exchange(list.first_, this);
            ++list.count_;
        }

        ~listed() {
            const std::lock_guard lock(list.mutex_);
            const listed** at = &list.first_;
            while (*at != this)
                at = &(*at)->next;
            *at = next;
            --list.count_;
        }

        listed(const listed&) = delete;
        listed& operator=(const listed&) = delete;

        known_workers& list;
        const pid_t thread;
        mutable const listed* next = nullptr;
#endif
    };

    template <class Wake>
    static void wake_off([[maybe_unused]] int cpu, const listed* workers, Wake& wake) {
#ifdef __linux__
        if (workers != nullptr) {
            // Who calls from a worker stays where it is.
            const bool other = workers->thread != this_thread();
            const affinity_without kept_off(other ? cpu : -1, workers->thread);
            return wake_off(cpu, workers->next, wake);
        }
#endif
        wake();
    }

    std::mutex mutex_;
    const int process_ = this_process();
    std::size_t count_ = 0;
    const listed* first_ = nullptr;
};

} // namespace parmap::detail
