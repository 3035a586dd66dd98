// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stop_token>
#include <thread>
#include <vector>

namespace parmap_test {

inline void sleep_ms(int milliseconds) {
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

inline void sleep_us(unsigned microseconds) {
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
}

/// Work that the optimiser cannot see through: about a nanosecond or two a round.
inline std::size_t spin(std::size_t rounds) {
    volatile std::size_t turn = rounds; // clang leaves out an atomic that nobody else sees
    for (std::size_t i = 0; i < rounds; ++i)
        turn = turn * 3 + i;
    return turn;
}

/// Calls body(who) on `count` threads at once and joins them.
template <class Body>
void on_threads(std::size_t count, Body body) {
    std::vector<std::jthread> threads;
    for (std::size_t who = 0; who < count; ++who) {
        threads.emplace_back([&body, who] { body(who); });
    }
}

/// More busy threads than cores, for as long as it lives: every wait of the library's own then
/// lasts long enough to show what was only ever quick.
class background_load {
public:
    background_load() {
        for (unsigned i = 0; i < 2 * std::thread::hardware_concurrency() + 2; ++i) {
            threads_.emplace_back([](const std::stop_token& stop) {
                while (!stop.stop_requested())
                    spin(1000);
            });
        }
    }

private:
    std::vector<std::jthread> threads_;
};

/// Repeats body(round) until `most` rounds or two seconds have gone by; tells how many it were.
template <class Body>
std::size_t repeat_for_a_while(std::size_t most, Body body) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    std::size_t round = 0;
    while (round < most && std::chrono::steady_clock::now() < end)
        body(round++);
    return round;
}

} // namespace parmap_test
