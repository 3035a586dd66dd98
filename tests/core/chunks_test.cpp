// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"

#include <parmap/core/chunks.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/zip.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <forward_list>
#include <iterator>
#include <list>
#include <memory>
#include <numeric>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using parmap::chunks;

template <class Range>
using chunked = decltype(chunks(std::declval<Range>(), 2));

template <class Range>
concept is_indexed = std::ranges::view<Range> && std::ranges::random_access_range<Range> &&
                     std::ranges::sized_range<Range> && std::ranges::common_range<Range> &&
                     std::random_access_iterator<std::ranges::iterator_t<Range>> &&
                     std::is_same_v<std::ranges::range_difference_t<Range>, std::ptrdiff_t>;

template <class Range, class N>
concept can_be_chunked = requires(Range&& range, N n) { chunks(std::forward<Range>(range), n); };

using ints = std::vector<int>;

static_assert(is_indexed<chunked<ints&>>);
static_assert(is_indexed<chunked<ints>>);
static_assert(is_indexed<chunked<parmap::indices_view>>);
static_assert(is_indexed<chunked<std::ranges::iota_view<std::size_t, std::size_t>>>);
static_assert(std::ranges::random_access_range<const chunked<ints>>);
static_assert(std::ranges::forward_range<chunked<std::list<int>&>>);
static_assert(std::ranges::forward_range<const chunked<std::list<int>>>);
static_assert(!std::ranges::bidirectional_range<chunked<std::list<int>&>>);
static_assert(std::ranges::sized_range<chunked<std::list<int>&>>);
static_assert(!std::ranges::sized_range<chunked<std::forward_list<int>&>>);
static_assert(std::ranges::forward_range<chunked<std::ranges::iota_view<int>>>);
static_assert(std::ranges::borrowed_range<chunked<ints&>>);
static_assert(!std::ranges::borrowed_range<chunked<ints>>);

template <class Range>
using chunk = std::ranges::range_reference_t<Range>;

static_assert(std::is_same_v<chunk<chunked<ints&>>, std::ranges::subrange<ints::iterator>>);
static_assert(
    std::is_same_v<chunk<const chunked<ints>>, std::ranges::subrange<ints::const_iterator>>);
static_assert(std::is_constructible_v<std::span<int>, chunk<chunked<ints&>>>);
static_assert(std::ranges::sized_range<chunk<chunked<std::forward_list<int>&>>>);

static_assert(!can_be_chunked<ints&, double>);
static_assert(!can_be_chunked<std::ranges::istream_view<int>, int>, "single-pass");

namespace {

template <class Range, class N>
std::string message_for(Range&& range, N n) {
    try {
        static_cast<void>(chunks(std::forward<Range>(range), n));
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
    return "nothing thrown";
}

template <class Chunks>
std::vector<ints> copied(Chunks&& all) {
    std::vector<ints> copies;
    for (auto part : all) {
        copies.emplace_back();
        for (const auto& x : part)
            copies.back().push_back(x);
        CHECK(std::ranges::size(part) == copies.back().size());
    }
    return copies;
}

std::vector<ints> expected_chunks(int length, int n) {
    std::vector<ints> all;
    for (int i = 0; i < length; ++i) {
        if (i % n == 0)
            all.emplace_back();
        all.back().push_back(i);
    }
    return all;
}

ints counted(int length) {
    ints v(static_cast<std::size_t>(length));
    std::iota(v.begin(), v.end(), 0);
    return v;
}

} // namespace

TEST_CASE("chunks cuts any multi-pass range into runs of n", "[chunks]") {
    for (const int length : {0, 1, 2, 3, 7, 8, 9, 33}) {
        for (const int n : {1, 2, 3, 8, 32, 33, 34, 1000}) {
            const auto expected = expected_chunks(length, n);
            const ints v = counted(length);
            const std::deque<int> deque(v.begin(), v.end());
            const std::list<int> list(v.begin(), v.end());
            const std::forward_list<int> forward(v.begin(), v.end());
            CHECK(copied(chunks(v, n)) == expected);
            CHECK(copied(chunks(deque, n)) == expected);
            CHECK(copied(chunks(list, n)) == expected);
            CHECK(copied(chunks(forward, n)) == expected);
            CHECK(chunks(v, n).size() == expected.size());
            CHECK(chunks(list, n).size() == expected.size());
            CHECK(std::ranges::distance(chunks(forward, n)) ==
                  static_cast<std::ptrdiff_t>(expected.size()));
        }
    }
}

TEST_CASE("chunks names an n that makes no sense", "[chunks]") {
    const ints v{1, 2, 3};
    CHECK(message_for(v, 0) == "parmap::chunks: n = 0 makes no chunk");
    CHECK(message_for(v, 0U) == "parmap::chunks: n = 0 makes no chunk");
    CHECK(message_for(v, -2) == "parmap::chunks: n = -2 is negative");
    CHECK(message_for(ints{}, std::int8_t{-128}) == "parmap::chunks: n = -128 is negative");
    CHECK(message_for(v, static_cast<std::size_t>(-1)) ==
          "parmap::chunks: n = 18446744073709551615 is more than PTRDIFF_MAX");
}

TEST_CASE("chunks of the largest length hold everything", "[chunks]") {
    const ints v{1, 2, 3};
    CHECK(copied(chunks(v, PTRDIFF_MAX)) == std::vector<ints>{v});
    CHECK(copied(chunks(std::list<int>{1, 2, 3}, PTRDIFF_MAX)) == std::vector<ints>{v});
    // The distances of this range are ints.
    auto small =
        std::views::iota(short{1}, short{4}) | std::views::filter([](short) { return true; });
    CHECK(copied(chunks(small, PTRDIFF_MAX)) == std::vector<ints>{v});
}

TEST_CASE("chunks of a huge range do not overflow", "[chunks]") {
    const auto all = parmap::indices(PTRDIFF_MAX);
    CHECK(chunks(all, 1).size() == static_cast<std::size_t>(PTRDIFF_MAX));
    CHECK(chunks(all, PTRDIFF_MAX).size() == 1);
    const auto two = chunks(all, PTRDIFF_MAX - 1);
    REQUIRE(two.size() == 2);
    CHECK(two[0].size() == static_cast<std::size_t>(PTRDIFF_MAX) - 1);
    CHECK(two[1].size() == 1);
}

TEST_CASE("iterators of chunks jump and outlive the view", "[chunks]") {
    ints v = counted(10);
    const auto first = chunks(v, 4).begin();
    CHECK(first[2].size() == 2);
    CHECK(first[2].front() == 8);
    CHECK(&first[1].front() == &v[4]);
    CHECK(chunks(v, 4).end() - first == 3);
    auto it = first + 3;
    CHECK((*--it).front() == 8);
    CHECK(it[-2].front() == 0);
    CHECK(first < it);
}

TEST_CASE("chunks may be written through", "[chunks]") {
    ints v(10);
    int number = 0;
    for (auto part : chunks(v, 3)) {
        std::ranges::fill(part, number++);
    }
    CHECK(v == ints{0, 0, 0, 1, 1, 1, 2, 2, 2, 3});
    const std::span<int> last = chunks(v, 3)[3];
    CHECK(last.size() == 1);
}

TEST_CASE("chunks owns an rvalue, a move-only one too", "[chunks]") {
    std::vector<std::unique_ptr<int>> owned(3);
    owned[2] = std::make_unique<int>(9);
    auto all = chunks(std::move(owned), 2);
    static_assert(!std::copyable<decltype(all)>);
    auto moved = std::move(all);
    REQUIRE(moved.size() == 2);
    CHECK(*moved[1].front() == 9);
    CHECK(std::as_const(moved)[1].size() == 1);
}

TEST_CASE("a forward chunk is found once and may be read again", "[chunks]") {
    const std::list<int> list{1, 2, 3, 4, 5};
    const auto all = chunks(list, 2);
    auto it = all.begin();
    const auto start = it++;
    CHECK(start == all.begin());
    CHECK(it != start);
    CHECK((*it).front() == 3);
    CHECK((*it).front() == 3);
    CHECK((*start).front() == 1);
    ++it;
    CHECK((*it).size() == 1);
    CHECK(++it == all.end());
}

TEST_CASE("chunks of an endless range and of a range without const begin", "[chunks]") {
    int count = 0;
    for (auto part : chunks(std::views::iota(0), 5)) {
        CHECK(part.front() == 5 * count);
        CHECK(std::ranges::size(part) == 5);
        if (++count == 3)
            break;
    }
    auto odd = std::views::iota(0, 10) | std::views::filter([](int x) { return x % 2 == 1; });
    CHECK(copied(chunks(odd, 2)) == std::vector<ints>{{1, 3}, {5, 7}, {9}});
    auto wide = std::views::iota(std::size_t{0}, std::size_t{5}) |
                std::views::filter([](std::size_t x) { return x > 1; });
    CHECK(std::ranges::distance(chunks(wide, 2)) == 2);
}

TEST_CASE("chunks and zip compose", "[chunks]") {
    ints a = counted(5);
    const ints b{10, 20, 30, 40, 50};
    const auto parts = chunks(parmap::zip(a, b), 2);
    static_assert(is_indexed<std::remove_const_t<decltype(parts)>>);
    REQUIRE(parts.size() == 3);
    CHECK(std::get<1>(parts[2].front()) == 50);
    const auto pairs = parmap::zip(chunks(a, 2), chunks(b, 2));
    CHECK(std::get<1>(pairs[1]).front() == 30);
}
