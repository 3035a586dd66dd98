// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/load.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <mutex>
#include <parmap/stream/detail/stream_chunk.hpp>
#include <parmap/stream/detail/stream_ring.hpp>

using parmap::detail::stream_chunk;

namespace {

const auto never = [] { return false; };
const auto always = [] { return true; };

parmap::detail::stream_ring& ring() {
    static parmap::detail::stream_ring of(parmap::detail::delivery::in_order, 64);
    return of;
}

} // namespace

TEST_CASE("a thief takes the farther half, or all if the owner is not busy", "[stream][chunk]") {
    stream_chunk owner;
    owner.fill(10, 8, ring());
    REQUIRE(owner.next());
    CHECK(owner.index() == 10);
    stream_chunk thief;
    REQUIRE(thief.steal_from(owner)); // of 11 up to 18
    CHECK(thief.first_left() == 14);
    CHECK(owner.first_left() == 11);

    stream_chunk other;
    CHECK_FALSE(other.steal_all_from(owner, always));
    CHECK(owner.any_left()); // as before
    CHECK_FALSE(other.any_left());
    REQUIRE(other.steal_all_from(owner, never));
    CHECK(other.first_left() == 11);
    CHECK_FALSE(owner.any_left());
    CHECK_FALSE(owner.next());
    CHECK_FALSE(owner.withdraw());
    CHECK_FALSE(stream_chunk().steal_from(owner));
}

TEST_CASE("an owner who has nothing left and is not busy runs nothing", "[stream][chunk]") {
    std::mutex mutex; // a stream's
    std::atomic<bool> busy = false;
    std::atomic<bool> inside = false;
    std::atomic<bool> over = false;
    std::size_t wrong = 0;
    stream_chunk owner;
    parmap_test::on_threads(2, [&](std::size_t who) {
        if (who == 0) {
            parmap_test::repeat_for_a_while(200'000, [&](std::size_t) {
                {
                    const std::lock_guard lock(mutex);
                    owner.fill(0, 1, ring());
                }
                busy = true;
                inside = owner.next();
                parmap_test::spin(30);
                inside = false;
                busy = false;
            });
            over = true;
            return;
        }
        while (!over) {
            {
                const std::lock_guard lock(mutex);
                wrong += !owner.in_use(busy) && inside ? 1U : 0U;
            }
            parmap_test::spin(10);
        }
    });
    CHECK(wrong == 0);
}

TEST_CASE("each element is one thread's, whoever takes it when", "[stream][chunk]") {
    constexpr std::size_t count = stream_chunk::most;
    std::mutex mutex; // a stream's
    std::atomic<std::size_t> wrong = 0;
    parmap_test::repeat_for_a_while(2'000, [&](std::size_t round) {
        std::array<std::atomic<int>, count> taken{};
        std::atomic<bool> owner_runs = false;
        stream_chunk owner;
        owner.fill(0, count, ring());
        parmap_test::on_threads(2, [&](std::size_t who) {
            if (who == 0) {
                for (;;) {
                    owner_runs = true;
                    const bool mine = owner.next();
                    if (mine)
                        ++taken[owner.index()];
                    owner_runs = false;
                    const std::lock_guard lock(mutex);
                    if (!mine && !owner.withdraw())
                        return;
                }
            }
            for (std::size_t i = 0; i != 4; ++i) {
                stream_chunk mine;
                {
                    const std::lock_guard lock(mutex);
                    const bool all = (round + i) % 2 == 0;
                    if (!(all ? mine.steal_all_from(owner, [&] { return owner_runs.load(); })
                              : mine.steal_from(owner)))
                        continue;
                }
                while (mine.next())
                    ++taken[mine.index()];
            }
        });
        wrong += static_cast<std::size_t>(std::count_if(
            taken.begin(), taken.end(), [](const auto& times) { return times != 1; }));
    });
    CHECK(wrong == 0);
}
