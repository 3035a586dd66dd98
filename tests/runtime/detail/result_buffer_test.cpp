// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <parmap/algorithm/filter.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/scan.hpp>
#include <parmap/algorithm/try_map.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/runtime/detail/result_buffer.hpp>
#include <string>
#include <type_traits>
#include <vector>

using namespace parmap_test;
using namespace parmap::detail;

namespace {

/// Has neither a default nor zeros for one, and padding.
struct point {
    explicit point(std::size_t i) : x(static_cast<double>(i)), tag('p') {}
    friend bool operator==(const point&, const point&) = default;
    double x;
    char tag;
};

struct alignas(256) wide {
    wide() = default;
    explicit wide(std::size_t i) : value(i) {}
    friend bool operator==(const wide&, const wide&) = default;
    std::size_t value;
};

/// Cannot be assigned to, so that no vector can be made to take it up.
struct constant {
    explicit constant(std::size_t i) : value(i) {}
    const std::size_t value;
};

/// Around those where buffers are treated differently, too.
template <class T>
std::vector<std::size_t> sizes() {
    const std::size_t many = worth_huge_pages / sizeof(T);
    return {0, 1, 2, 63, 64, 65, 1000, many - 1, many, many + 1};
}

template <class T>
T number(std::size_t i) {
    return static_cast<T>(i);
}

template <class Buffer, class T>
void check_buffer(bool in_its_place) {
    for (const std::size_t n : sizes<T>()) {
        Buffer buffer(n);
        T* const first = buffer.data();
        CHECK(reinterpret_cast<std::uintptr_t>(first) % alignof(T) == 0);
        for (std::size_t i = 0; i != n; ++i)
            ::new (static_cast<void*>(first + i)) T(number<T>(i));
        std::vector<T> results = buffer.take();
        REQUIRE(results.size() == n);
        CHECK(results.capacity() == n);
        CHECK((n == 0 || !in_its_place || results.data() == first));
        std::size_t wrong = 0;
        for (std::size_t i = 0; i != n; ++i)
            wrong += results[i] == number<T>(i) ? 0 : 1;
        CHECK(wrong == 0);
        // A vector as any other: it grows, is copied, and gives its memory back.
        results.push_back(number<T>(n));
        const std::vector<T> copy = results;
        REQUIRE(copy.size() == n + 1);
        CHECK(copy.back() == number<T>(n));
    }
}

template <class T>
using is_taken_over = std::disjunction<std::is_same<result_buffer<T>, reserved_results<T>>,
                                       std::is_same<result_buffer<T>, adopted_results<T>>>;

} // namespace

TEST_CASE("each kind of buffer ends as a vector of what was put there", "[runtime][results]") {
    check_buffer<overwritten_results<double>, double>(true);
    check_buffer<overwritten_results<wide>, wide>(true);
    check_buffer<moved_results<double>, double>(false);
    check_buffer<moved_results<point>, point>(false);
    // Writing beyond a vector's size is what sanitizers and debug modes would report.
    if constexpr (!vectors_are_watched) {
        check_buffer<adopted_results<double>, double>(true);
        check_buffer<adopted_results<point>, point>(true);
        check_buffer<adopted_results<wide>, wide>(true);
        check_buffer<adopted_results<char>, char>(true);
    }
    if constexpr (grows_in_place<double>) {
        check_buffer<reserved_results<double>, double>(true);
        check_buffer<reserved_results<point>, point>(true);
        check_buffer<reserved_results<wide>, wide>(true);
    }
}

TEST_CASE("the buffer that is taken is the best that holds", "[runtime][results]") {
    STATIC_REQUIRE(std::is_same_v<result_buffer<bool>, moved_results<bool>>);
    STATIC_REQUIRE(is_taken_over<double>::value == !vectors_are_watched);
    STATIC_REQUIRE(is_taken_over<point>::value == !vectors_are_watched);
#if defined(_GLIBCXX_DEBUG) || defined(_GLIBCXX_SANITIZE_VECTOR)
    STATIC_REQUIRE(std::is_same_v<result_buffer<double>, overwritten_results<double>>);
    STATIC_REQUIRE(std::is_same_v<result_buffer<point>, moved_results<point>>);
    STATIC_REQUIRE(std::is_same_v<result_buffer<std::string>, moved_results<std::string>>);
#elif defined(__GLIBCXX__)
    STATIC_REQUIRE(std::is_same_v<result_buffer<double>, reserved_results<double>>);
    STATIC_REQUIRE(std::is_same_v<result_buffer<std::string>, reserved_results<std::string>>);
#endif
}

TEST_CASE("a buffer that is not taken has given its memory back and destroyed nothing",
          "[runtime][results]") {
    counts.reset();
    {
        result_buffer<counted> buffer(100);
        ::new (static_cast<void*>(buffer.data())) counted(1);
        CHECK(counts.live() == 1);
        std::destroy_at(buffer.data());
    }
    CHECK(counts.balanced());
    CHECK_THROWS(result_buffer<double>(static_cast<std::size_t>(-1) / 4));
}

TEST_CASE("results of every size around the thresholds", "[runtime][results]") {
    const watchdog guard("results: sizes");
    for (const std::size_t n : sizes<double>()) {
        const auto in = parmap::parallel_map(
            parmap::indices(n), [](std::size_t i) { return static_cast<double>(i) + 1.0; });
        REQUIRE(in.size() == n);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i != n; ++i)
            wrong += in[i] == static_cast<double>(i) + 1.0 ? 0 : 1;
        CHECK(wrong == 0);
        CHECK(parmap::parallel_filter(in, [](double x) { return x > 0; }) == in);
        CHECK(parmap::inclusive_scan(in, [](double, double b) { return b; }) == in);
        const auto positive = parmap::parallel_map(in, [](double x) { return x > 0; });
        CHECK((positive == std::vector<bool>(n, true)));
    }
}

TEST_CASE("results that cannot be assigned to", "[runtime][results]") {
    for_each_setting([](const setting& now) {
        const auto made = parmap::parallel_map(
            parmap::indices(1000), [](std::size_t i) { return constant(i); }, now.options());
        REQUIRE(made.size() == 1000);
        CHECK(made[999].value == 999);
    });
}

TEST_CASE("a large call that fails leaves nothing behind", "[runtime][results][errors]") {
    const watchdog guard("results: failing");
    constexpr std::size_t n = worth_huge_pages / sizeof(counted) + 3;
    for (const auto schedule : schedules) {
        for (const std::size_t at : std::initializer_list<std::size_t>{0, 1, n / 2, n - 1}) {
            INFO(name_of(schedule) << ", " << at);
            counts.reset();
            const auto fail_at = [at](std::size_t i) {
                if (i == at)
                    throw item_error(i);
                return counted(1);
            };
            const auto index = failing_index([&] {
                (void)parmap::parallel_map(parmap::indices(n), fail_at, {.schedule = schedule});
            });
            CHECK(index == at);
            CHECK(counts.balanced());
        }
    }
}
