// SPDX-License-Identifier: Apache-2.0
#include "support/catch.hpp"
#include "support/load.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <parmap/parmap.hpp>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

constexpr std::size_t n = 5'000;

/// Counts what a call asks of the user's functions.
using counter = std::atomic<std::size_t>;

/// A call that makes several passes; true if it gave what it should.
struct verb {
    std::string name;
    std::function<bool(const parmap::options&, counter&)> call;
};

std::vector<std::string> words() {
    std::vector<std::string> all(n);
    for (std::size_t i = 0; i != n; ++i)
        all[i] = "a word that is stored apart " + std::to_string(i * 7'919 % n);
    return all;
}

// The same range, to be walked only.
auto walked(const std::vector<std::size_t>& numbers) {
    return std::views::filter(numbers, [](std::size_t) { return true; });
}

std::vector<verb> verbs_of_several_passes() {
    static const std::vector<std::size_t> numbers = [] {
        std::vector<std::size_t> all(n);
        for (std::size_t i = 0; i != n; ++i)
            all[i] = i * 7'919 % n;
        return all;
    }();
    const auto rest = [](counter& asked) {
        return [&asked](std::size_t i) { return ++asked, i % 100; };
    };
    const auto plus = [](counter& asked) {
        return [&asked](std::size_t a, std::size_t b) { return ++asked, a + b; };
    };
    const auto less = [](counter& asked) {
        return [&asked](auto& a, auto& b) { return ++asked, a < b; };
    };
    static const auto one = [](std::size_t) { return std::size_t{1}; };
    return {
        {"parallel_sort of words",
         [=](const parmap::options& how, counter& asked) {
             auto all = words();
             try {
                 parmap::parallel_sort(all, less(asked), {}, how);
             } catch (...) {
                 if (std::ranges::any_of(all, &std::string::empty))
                     return false;
                 throw;
             }
             return std::ranges::is_sorted(all);
         }},
        {"parallel_sort of numbers",
         [=](const parmap::options& how, counter& asked) {
             auto all = numbers;
             parmap::parallel_sort(all, less(asked), {}, how);
             return std::ranges::is_sorted(all);
         }},
        {"inclusive_scan",
         [=](const parmap::options& how, counter& asked) {
             return parmap::inclusive_scan(numbers, plus(asked), how).back() == n * (n - 1) / 2;
         }},
        {"exclusive_scan, walked",
         [=](const parmap::options& how, counter& asked) {
             auto all = walked(numbers);
             return parmap::exclusive_scan(all, std::size_t{0}, plus(asked), how).size() == n;
         }},
        {"parallel_filter",
         [=](const parmap::options& how, counter& asked) {
             const auto even = [&](std::size_t i) { return ++asked, i % 2 == 0; };
             return parmap::parallel_filter(numbers, even, how).size() == n / 2;
         }},
        {"count_by",
         [=](const parmap::options& how, counter& asked) {
             return parmap::count_by(numbers, rest(asked), how).at(7) == n / 100;
         }},
        {"reduce_by",
         [=](const parmap::options& how, counter& asked) {
             return parmap::reduce_by(numbers, rest(asked), one, std::size_t{0}, plus(asked), how)
                        .at(7) == n / 100;
         }},
        {"group_by, walked",
         [=](const parmap::options& how, counter& asked) {
             auto all = walked(numbers);
             return parmap::group_by(all, rest(asked), how).at(7).size() == n / 100;
         }},
        {"top_k",
         [=](const parmap::options& how, counter& asked) {
             return parmap::top_k(numbers, 10, less(asked), how).size() == 10;
         }},
    };
}

} // namespace

TEST_CASE("shutting a pool down waits for a verb of several passes", "[stress][shutdown]") {
    const watchdog guard("shut down between passes");
    for (const verb& verb : verbs_of_several_passes()) {
        INFO(verb.name);
        std::size_t wrong = 0;
        std::size_t refused_half_way = 0;
        repeat_for_a_while(100, [&](std::size_t round) {
            parmap::pool pool(2);
            const parmap::options how{.pool = &pool, .schedule = parmap::schedule::balanced};
            counter asked = 0;
            std::thread caller([&] {
                try {
                    for (;;) {
                        asked = 0;
                        wrong += verb.call(how, asked) ? 0 : 1;
                    }
                } catch (const std::logic_error&) {
                    refused_half_way += asked == 0 ? 0 : 1;
                }
            });
            sleep_us(static_cast<unsigned>(200 + round * 37 % 1'000));
            pool.shutdown();
            caller.join();
        });
        CHECK(wrong == 0);
        CHECK(refused_half_way == 0);
    }
}

TEST_CASE("shutting a pool down waits for an item that was believed to be cheap",
          "[stress][shutdown]") {
    const watchdog guard("shut down in place");
    for (const auto schedule : {parmap::schedule::adaptive, parmap::schedule::serial}) {
        std::atomic<bool> began = false;
        std::atomic<bool> ended = false;
        bool heavy = false;
        const auto item = [&](std::size_t) {
            if (!heavy)
                return;
            began = true;
            sleep_ms(20);
            ended = true;
        };
        parmap::pool pool(2);
        const parmap::options how{.pool = &pool, .schedule = schedule};
        for (int learns = 0; learns != 50; ++learns)
            parmap::parallel_for_each(parmap::indices(2), item, how);
        heavy = true;
        std::thread caller([&] { parmap::parallel_for_each(parmap::indices(2), item, how); });
        while (!began)
            std::this_thread::yield();
        pool.shutdown();
        CHECK(ended);
        caller.join();
    }
}
