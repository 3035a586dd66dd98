// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <parmap/runtime/detail/pace.hpp>
#include <parmap/runtime/detail/partition.hpp>
#include <string>
#include <vector>

// Every small case, and the large ones where pieces are cut where a cache line begins.

using parmap::detail::claimable_range;
using parmap::detail::cut_near;
using parmap::detail::direction;
using parmap::detail::interval;
using parmap::detail::line_of_items;
using parmap::detail::pace;
using parmap::detail::partition;
using parmap::detail::stealing_point;
using parmap::detail::taking_point;

namespace {

constexpr std::initializer_list<direction> both_ends{direction::forward, direction::backward};

// Whether the units of a partition are all its items, one after another, none empty, and each but
// the last a multiple of `least`.
bool tiles(const partition& parts, std::size_t least) {
    std::size_t at = 0;
    for (std::size_t unit = 0; unit < parts.units(); ++unit) {
        const interval items = parts.items_of({unit, unit + 1});
        if (items.begin != at || items.empty())
            return false;
        if (unit + 1 != parts.units() && items.size() % least != 0)
            return false;
        at = items.end;
    }
    return at == parts.items();
}

// Takes chunks as an only thread does, by a pace that learns nothing.
std::vector<std::size_t> chunks_of(std::size_t items, const pace& pace, direction from) {
    const partition parts = partition::by_pace(items, 1);
    claimable_range range;
    range.reset({0, parts.units()});
    std::vector<std::size_t> sizes;
    for (;;) {
        const std::size_t left = range.left().size();
        const interval chunk = range.take(from, parts.units_for(pace.share(left)));
        if (chunk.empty())
            return sizes;
        sizes.push_back(parts.items_of(chunk).size());
    }
}

// What an owner and a thief do by turns, as the bits of `plan` say: how often each unit is taken.
std::vector<int> taken_by(unsigned plan, std::size_t units, direction owner, std::size_t count) {
    claimable_range owned;
    owned.reset({0, units});
    std::vector<int> taken(units, 0);
    const auto note = [&taken](interval piece) {
        for (std::size_t i = piece.begin; i < piece.end; ++i)
            ++taken[i];
    };
    for (; !owned.left().empty(); plan >>= 1U)
        note((plan & 1U) != 0 ? owned.take(owner, count) : owned.steal_half(owner));
    return taken;
}

} // namespace

TEST_CASE("units are all items, in order, and keep neighbours together", "[runtime][partition]") {
    for (const std::size_t least : std::initializer_list<std::size_t>{1, 3, 64}) {
        for (std::size_t items = 0; items <= 200; ++items) {
            INFO("items " << items << ", least " << least);
            REQUIRE(tiles(partition::by_pace(items, least), least));
            for (std::size_t grains = 1; grains <= 5; ++grains)
                REQUIRE(tiles(partition::by_grain(items, grains * least, least), least));
        }
    }
}

TEST_CASE("blocks are as equal as can be, the longer ones first", "[runtime][partition]") {
    for (std::size_t items = 0; items <= 60; ++items) {
        for (std::size_t blocks = 1; blocks <= 9; ++blocks) {
            INFO("items " << items << ", blocks " << blocks);
            const partition parts = partition::by_blocks(items, blocks);
            REQUIRE(parts.units() == std::min(items, blocks));
            REQUIRE(tiles(parts, 1));
            if (items == 0)
                continue;
            const std::size_t first = parts.items_of({0, 1}).size();
            const std::size_t last = parts.items_of({parts.units() - 1, parts.units()}).size();
            REQUIRE(first - last <= 1);
        }
    }
}

TEST_CASE("more items than units can be counted become larger units", "[runtime][partition]") {
    const std::size_t items = std::size_t{1} << 40;
    const partition parts = partition::by_pace(items, 1);
    CHECK(parts.units() <= partition::most_units);
    CHECK(parts.items_of({0, parts.units()}) == interval{0, items});
    CHECK(parts.items_of({parts.units() - 1, parts.units()}).end == items);
}

TEST_CASE("the first unit after an item begins there or later", "[runtime][partition]") {
    for (std::size_t items = 1; items <= 40; ++items) {
        for (std::size_t grain = 1; grain <= 7; ++grain) {
            const partition parts = partition::by_grain(items, grain);
            for (std::size_t item = 0; item <= items; ++item) {
                INFO("items " << items << ", grain " << grain << ", item " << item);
                const std::size_t unit = parts.unit_after(item);
                const std::size_t begin = parts.items_of({unit, parts.units()}).begin;
                REQUIRE(begin >= item);
                REQUIRE(begin - item < grain);
            }
        }
    }
}

TEST_CASE("the first block after an item begins there or later", "[runtime][partition]") {
    for (std::size_t items = 1; items <= 40; ++items) {
        for (std::size_t blocks = 1; blocks <= 9; ++blocks) {
            const partition parts = partition::by_blocks(items, blocks);
            for (std::size_t item = 0; item <= items; ++item) {
                INFO("items " << items << ", blocks " << blocks << ", item " << item);
                const std::size_t unit = parts.unit_after(item);
                REQUIRE(parts.items_of({unit, parts.units()}).begin >= item);
                REQUIRE((unit == 0 || parts.items_of({unit - 1, unit}).begin < item));
            }
        }
    }
}

TEST_CASE("a block ends within its chunk, and where a line does if it is long",
          "[runtime][partition]") {
    for (const std::size_t least : std::initializer_list<std::size_t>{1, 3, 64}) {
        const partition parts = partition::by_pace(4'000, least);
        for (std::size_t begin = 0; begin < 200; begin += least) {
            for (const std::size_t size :
                 std::initializer_list<std::size_t>{1, 2, 63, 700, 3'000}) {
                for (std::size_t count = 1; count < 1'200; count += 13) {
                    INFO("least " << least << ", from " << begin << ", " << count << " of "
                                  << size);
                    const interval items{begin, begin + size};
                    const std::size_t end = parts.block_end(items, count);
                    REQUIRE(end > begin);
                    REQUIRE(end <= items.end);
                    if (end == items.end)
                        continue;
                    if (least != 1)
                        REQUIRE((end - begin) % least == 0);
                    else if (count >= 8 * line_of_items)
                        REQUIRE(end % line_of_items == 0);
                    else
                        REQUIRE(end - begin == count);
                }
            }
        }
    }
}

TEST_CASE("an owner takes from one end and a thief from the other", "[runtime][partition]") {
    for (std::size_t begin = 0; begin <= 70; ++begin) {
        for (std::size_t size = 1; size <= 1'300; size += size < 20 ? 1 : 71) {
            const interval units{begin, begin + size};
            for (const direction owner : both_ends) {
                const bool forward = owner == direction::forward;
                for (std::size_t count = 1; count <= size + 1; count += count < 20 ? 1 : 67) {
                    INFO(begin << " + " << size << ", " << count << (forward ? " >" : " <"));
                    const std::size_t at = taking_point(units, owner, count);
                    const std::size_t piece = forward ? at - units.begin : units.end - at;
                    REQUIRE(piece >= 1);
                    REQUIRE(piece <= size);
                    REQUIRE(std::max(piece, count) - std::min({piece, count, size}) <
                            line_of_items + (count > size ? 1 : 0));
                }
                const std::size_t at = stealing_point(units, owner);
                const std::size_t stolen = forward ? units.end - at : at - units.begin;
                INFO(begin << " + " << size << (forward ? " >" : " <"));
                REQUIRE(stolen >= 1);
                REQUIRE(stolen <= size);
                REQUIRE(stolen + line_of_items > size - size / 2);
                REQUIRE(stolen < size - size / 2 + line_of_items);
                if (size < 16 * line_of_items)
                    REQUIRE(stolen == size - size / 2);
                else
                    REQUIRE(at % line_of_items == 0);
            }
        }
    }
}

TEST_CASE("whoever takes, and in whatever order, each unit is taken once", "[runtime][partition]") {
    for (const direction owner : both_ends) {
        for (std::size_t units = 1; units <= 9; ++units) {
            for (std::size_t count = 1; count <= 4; ++count) {
                for (unsigned plan = 0; plan < (1U << units); ++plan) {
                    const auto taken = taken_by(plan, units, owner, count);
                    INFO(units << " units, " << count << " at a time, plan " << plan);
                    REQUIRE(std::ranges::all_of(taken, [](int times) { return times == 1; }));
                }
            }
        }
        const auto taken = taken_by(0b1011'0110'1101, 5'000, owner, 700);
        CHECK(std::ranges::all_of(taken, [](int times) { return times == 1; }));
    }
}

TEST_CASE("an emptied range gives nothing", "[runtime][partition]") {
    claimable_range range;
    CHECK(range.take(direction::forward, 3).empty());
    CHECK(range.steal_half(direction::forward).empty());
    range.reset({4, 9});
    CHECK(range.take_all() == interval{4, 9});
    CHECK(range.left().empty());
    CHECK(range.take_all().empty());
}

TEST_CASE("units are put back where they join those left, or where none are",
          "[runtime][partition]") {
    claimable_range range;
    range.reset({10, 20});
    CHECK_FALSE(range.put_back({4, 9}));
    CHECK_FALSE(range.put_back({20, 25}));
    CHECK(range.left() == interval{10, 20});
    CHECK(range.put_back({7, 10}));
    CHECK(range.left() == interval{7, 20});
    static_cast<void>(range.take_all());
    CHECK(range.put_back({30, 33}));
    CHECK(range.left() == interval{30, 33});
}

TEST_CASE("chunks are a quarter of what is left, and no shorter than is worth a claim",
          "[runtime][partition]") {
    using sizes = std::vector<std::size_t>;
    // Items of 64 ns, claims of 256 ns at least.
    CHECK(chunks_of(128, pace(64, 256), direction::forward) == sizes{32, 24, 18, 16, 16, 16, 6});
    // Little is left: all but a last claim, and what would be less than a half of one as well.
    CHECK(chunks_of(32, pace(64, 256), direction::forward) == sizes{16, 12, 4});
    CHECK(chunks_of(32, pace(64, 256), direction::backward) == sizes{16, 12, 4});
    CHECK(chunks_of(6, pace(64, 256), direction::forward) == sizes{6});
    CHECK(chunks_of(7, pace(64, 256), direction::forward) == sizes{4, 3});
    // Items of 10 us: one at a time once four are left, so that the last ones are shared out.
    CHECK(chunks_of(16, pace(10'000, 1'000), direction::forward) ==
          sizes{4, 3, 2, 1, 1, 1, 1, 1, 1, 1});
    // Nothing is known: one at a time.
    CHECK(chunks_of(5, pace(0, 1'000), direction::forward) == sizes{1, 1, 1, 1, 1});
}

TEST_CASE("chunks shrink, whatever the number of items and their cost", "[runtime][partition]") {
    for (const double item_time : std::initializer_list<double>{0.2, 3, 64, 10'000, 1e7}) {
        for (const direction from : both_ends) {
            for (std::size_t items = 1; items <= 60'000; items = 3 * items + 1) {
                INFO(items << " items of " << item_time << " ns");
                const auto sizes = chunks_of(items, pace(item_time, 1'000), from);
                std::size_t sum = 0;
                for (std::size_t i = 0; i < sizes.size(); ++i) {
                    sum += sizes[i];
                    // A cut where a line begins makes a chunk longer than the one before at times,
                    // and the last one has no crumbs left.
                    const bool last = i + 1 == sizes.size();
                    if (i > 0)
                        REQUIRE(sizes[i] < sizes[i - 1] * (last ? 3 : 2) / 2 + line_of_items);
                }
                REQUIRE(sum == items);
            }
        }
    }
}
