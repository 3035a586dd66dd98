// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifdef __linux__
#include <sched.h>
#endif

namespace parmap::detail {

/// The CPU that this thread runs on at the moment; -1 where the system does not tell.
inline int current_cpu() noexcept {
#ifdef __linux__
    return sched_getcpu();
#else
    return -1;
#endif
}

/// Moves this thread to another CPU if it runs on `cpu` and may run elsewhere.
///
/// A worker that sleeps is often woken on the CPU of the thread that calls for it, and Linux leaves
/// it waiting there for milliseconds, behind that thread, though others are idle. The thread's
/// affinity is set to do without that CPU and then to what it was: nothing stays changed. For
/// workers only: nobody else's affinity is touched.
inline void move_away_from(int cpu) noexcept {
#ifdef __linux__
    if (cpu < 0 || cpu >= CPU_SETSIZE || cpu != current_cpu())
        return;
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    cpu_set_t others = allowed;
    CPU_CLR(static_cast<unsigned>(cpu), &others);
    if (CPU_COUNT(&others) != 0 && sched_setaffinity(0, sizeof others, &others) == 0)
        sched_setaffinity(0, sizeof allowed, &allowed);
#else
    static_cast<void>(cpu);
#endif
}

} // namespace parmap::detail
