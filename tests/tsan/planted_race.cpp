// SPDX-License-Identifier: Apache-2.0
// Wrong on purpose: two items of one parallel_for_each write one variable without synchronisation.
#include <parmap/parmap.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>

namespace {

// Both items are under way before either writes; relaxed, so that the meeting orders nothing.
void meet(std::atomic<int>& arrived) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    arrived.fetch_add(1, std::memory_order_relaxed);
    while (arrived.load(std::memory_order_relaxed) < 2 &&
           std::chrono::steady_clock::now() < give_up) {
    }
}

} // namespace

int main() {
    parmap::pool two(2);
    std::atomic<int> arrived = 0;
    int racy = 0;
    const auto write = [&](auto item) {
        meet(arrived);
        // Again and again: one pair of writes at the very same moment can slip through.
        for (int i = 0; i < 10'000; ++i) {
            racy = racy + static_cast<int>(item);
        }
    };
    parmap::parallel_for_each(parmap::indices(2), write,
                              {.pool = &two, .schedule = parmap::schedule::direct});
    std::printf("wrote %d\n", racy);
}
