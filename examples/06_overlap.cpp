// SPDX-License-Identifier: Apache-2.0
//
// Items that wait (for a disk, a server, a device) rather than compute: a pool larger than the
// machine overlaps their waits, here 32 sleeps on however few cores there are.

#include <parmap/parmap.hpp>

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using std::chrono::milliseconds;

std::size_t reply(std::size_t request) {
    return request * request;
}

std::size_t slow_reply(std::size_t request) {
    std::this_thread::sleep_for(milliseconds{50});
    return reply(request);
}

// Prints one row; says whether the replies are the serial ones.
bool fetch(const char* name, parmap::pool& pool, const std::vector<std::size_t>& expected) {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<std::size_t> replies =
        parmap::parallel_map(parmap::indices(expected.size()), slow_reply, {.pool = &pool});
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    const double serial = 50.0 * static_cast<double>(expected.size());
    std::printf("%-24s %8zu %9.0f ms %9.2fx\n", name, pool.size(), taken.count(),
                serial / taken.count());
    return replies == expected;
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view text = argc > 1 ? argv[1] : "32";
    if (text == "--help") {
        std::puts("usage: 06_overlap [items]\n"
                  "  items that sleep 50 ms each (default 32, at most 256), a thread for each");
        return 0;
    }
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    const bool number = error == std::errc{} && end == text.data() + text.size();
    if (argc > 2 || !number || n < 1 || n > 256) {
        std::fprintf(stderr, "06_overlap: expected one number of items, 1 to 256, not '%s'\n",
                     argv[argc - 1]);
        return 2;
    }
    std::vector<std::size_t> expected;
    for (std::size_t i = 0; i != n; ++i)
        expected.push_back(reply(i));

    std::printf("%zu items that sleep 50 ms each, %zu cores\n\n", n,
                parmap::available_concurrency());
    std::printf("%-24s %8s %12s %10s\n", "", "threads", "time", "speed-up");
    std::printf("%-24s %8d %9zu ms %9.2fx\n", "serial, by reckoning", 1, 50 * n, 1.0);
    parmap::pool wide(n);
    const bool narrow_right = fetch("a thread for each core", parmap::default_pool(), expected);
    const bool wide_right = fetch("a thread for each item", wide, expected);
    const bool equal = narrow_right && wide_right;
    std::printf("\nparallel and serial results %s\n", equal ? "are equal" : "DIFFER");
    return equal ? 0 : 1;
}
