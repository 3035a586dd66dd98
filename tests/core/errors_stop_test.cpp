// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/counted.hpp"
#include "support/item_error.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <list>
#include <numeric>
#include <parmap/algorithm/map.hpp>
#include <parmap/core/errors.hpp>
#include <random>
#include <stop_token>
#include <thread>
#include <vector>

using namespace parmap_test;
using namespace std::chrono_literals;

namespace {

std::vector<std::size_t> indices_of(std::size_t n) {
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// Items that stop and fail as planned, judged by the rule: the loop's exception if all below it
/// ran; else, if anything was left out, operation_cancelled; else the result.
class judged_map {
public:
    judged_map(std::size_t n, std::vector<bool> fails, std::size_t stop_at)
        : log_(n), fails_(std::move(fails)), stop_at_(stop_at) {}

    template <class Range>
    void run(const Range& in, parmap::options with) {
        counts.reset();
        with.stop = source_.get_token();
        try {
            const auto out = parmap::parallel_map(in, std::ref(*this), with);
            log_.close();
            CHECK(log_.each_ran_once());
            CHECK(lowest_failed() == fails_.size());
            CHECK(out.size() == fails_.size());
        } catch (const item_error& error) {
            log_.close();
            CHECK(error.index == lowest_failed());
            CHECK(log_.ran_all_below(error.index));
        } catch (const parmap::operation_cancelled& stopped) {
            log_.close();
            CHECK(source_.stop_requested());
            CHECK(log_.calls() < fails_.size());
            CHECK((lowest_failed() == fails_.size() || !log_.ran_all_below(lowest_failed())));
            CHECK(stopped.done() <= log_.calls());
            CHECK(stopped.total() == fails_.size());
        }
        CHECK(log_.none_ran_twice());
        CHECK(log_.quiet());
        CHECK(counts.balanced());
    }

    counted operator()(std::size_t i) {
        const auto visit = log_.enter(i);
        if (log_.calls() == stop_at_) {
            source_.request_stop();
        }
        if (i % 16 == 0) {
            std::this_thread::sleep_for(20us);
        }
        return fails_[i] ? throw item_error(i) : counted(static_cast<long>(i));
    }

private:
    std::size_t lowest_failed() const {
        for (std::size_t i = 0; i < fails_.size(); ++i) {
            if (fails_[i] && log_.ran(i)) {
                return i;
            }
        }
        return fails_.size();
    }

    call_log log_;
    std::vector<bool> fails_;
    std::size_t stop_at_;
    std::stop_source source_;
};

} // namespace

TEST_CASE("errors and stops together leave what the rule says", "[core][errors][stop]") {
    const watchdog guard("errors: judged");
    std::mt19937 random(77);
    const std::size_t n = 300;
    const auto in = indices_of(n);
    const std::list<std::size_t> linked(in.begin(), in.end());
    for_each_setting({0, 1, 16, n}, [&](const setting& now) {
        for (int round = 0; round < 4; ++round) {
            std::vector<bool> fails(n);
            for (int k = 0; k < round; ++k) {
                fails[random() % n] = true;
            }
            const std::size_t stop_at = 1 + random() % (n + n / 2);
            judged_map(n, fails, stop_at).run(in, now.options());
            judged_map(n, fails, stop_at).run(linked, now.options());
        }
    });
}

TEST_CASE("a serial item that stops and throws: its exception leaves", "[core][errors][stop]") {
    const auto in = indices_of(100);
    for (const std::size_t threads : pool_sizes) {
        std::stop_source source;
        parmap::options with{.pool = &pool_of(threads), .schedule = parmap::schedule::serial};
        with.stop = source.get_token();
        const auto f = [&](std::size_t i) {
            if (i == 40) {
                source.request_stop();
                throw item_error(i);
            }
            return i;
        };
        CHECK(failing_index([&] { return parmap::parallel_map(in, f, with); }) == std::size_t{40});
    }
}

TEST_CASE("slow items end the call within one item of the stop", "[core][errors][stop]") {
    const watchdog guard("errors: slow items");
    const std::size_t n = 100'000;
    const auto in = indices_of(n);
    for_each_setting({0, 64, n + 1}, [&](const setting& now) {
        std::stop_source source;
        auto with = now.options();
        with.stop = source.get_token();
        std::atomic<std::size_t> begun = 0;
        std::atomic<std::size_t> begun_after = 0;
        const auto f = [&](std::size_t i) {
            begun_after += source.stop_requested() ? 1 : 0;
            const std::size_t slow = ++begun;
            // a long run of cheap items first: a poll spaced by their cost would come too late
            if (slow > 5000) {
                std::this_thread::sleep_for(1500us);
            }
            if (slow == 5010) {
                source.request_stop();
            }
            return i;
        };
        CHECK_THROWS_AS(parmap::parallel_map(in, f, with), parmap::operation_cancelled);
        CHECK(begun_after <= 2 * now.threads);
    });
}

TEST_CASE("slow items end the call within one item of the deadline", "[core][errors][deadline]") {
    const watchdog guard("errors: slow items, deadline");
    const std::size_t n = 100'000;
    const auto in = indices_of(n);
    for_each_setting({0, 64, n + 1}, [&](const setting& now) {
        using clock = std::chrono::steady_clock;
        auto with = now.options();
        with.deadline = clock::now() + 10ms;
        std::atomic<std::size_t> begun = 0;
        std::atomic<std::size_t> begun_after = 0;
        const auto f = [&](std::size_t i) {
            begun_after += clock::now() > with.deadline ? 1 : 0;
            if (++begun > 2000) { // cheap items first, here too
                std::this_thread::sleep_for(1500us);
            }
            return i;
        };
        CHECK_THROWS_AS(parmap::parallel_map(in, f, with), parmap::deadline_exceeded);
        CHECK(begun_after <= 2 * now.threads);
    });
}

TEST_CASE("a stop from another thread is seen", "[core][errors][stop]") {
    const watchdog guard("errors: stop from outside");
    const auto in = indices_of(1'000'000);
    for (const auto schedule : schedules) {
        for (const std::size_t threads : pool_sizes) {
            const setting now{schedule, threads, 0};
            INFO(now.name());
            std::stop_source source;
            auto with = now.options();
            with.stop = source.get_token();
            std::atomic<bool> running = false;
            std::jthread outside([&] {
                running.wait(false);
                source.request_stop();
            });
            counts.reset();
            const auto f = [&](std::size_t i) {
                running = true;
                running.notify_one();
                std::this_thread::sleep_for(100us);
                return counted(static_cast<long>(i));
            };
            CHECK_THROWS_AS(parmap::parallel_map(in, f, with), parmap::operation_cancelled);
            CHECK(counts.balanced());
        }
    }
}
