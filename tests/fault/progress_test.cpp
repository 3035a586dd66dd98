// SPDX-License-Identifier: Apache-2.0
#include "support/call_log.hpp"
#include "support/catch.hpp"
#include "support/every_verb.hpp"
#include "support/item_error.hpp"
#include "support/load.hpp"
#include "support/schedules.hpp"
#include "support/watchdog.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <limits>
#include <list>
#include <parmap/parmap.hpp>
#include <stdexcept>
#include <stop_token>
#include <utility>
#include <vector>

using namespace parmap_test;

namespace {

// Keeps what was reported, and whether two reports ever came at once or after the call's end.
class reporter {
public:
    void operator()(parmap::progress now) {
        if (inside_.exchange(true) || closed_)
            broken_ = true;
        if (now.done < last().done || (now.total != 0 && now.done > now.total))
            broken_ = true;
        reports_.push_back(now); // unguarded: two at once are a race that the sanitizers see
        if (nap_us > 0)
            sleep_us(nap_us);
        inside_ = false;
    }
    void close() { closed_ = true; }

    bool sound() const { return !broken_ && !inside_; }
    std::size_t count() const { return reports_.size(); }
    parmap::progress last() const {
        return reports_.empty() ? parmap::progress{} : reports_.back();
    }
    const std::vector<parmap::progress>& all() const { return reports_; }

    unsigned nap_us = 0;

private:
    std::vector<parmap::progress> reports_;
    std::atomic<bool> inside_ = false, broken_ = false, closed_ = false;
};

parmap::options told(reporter& reports, const setting& now) {
    auto how = now.options();
    how.on_progress = [&reports](parmap::progress at) { reports(at); };
    return how;
}

struct report_error : std::runtime_error {
    report_error() : std::runtime_error("report") {}
};

} // namespace

TEST_CASE("the last report of a call that succeeds says so", "[fault][progress]") {
    for (const auto& verb : every_verb()) {
        INFO(verb.name);
        for_each_setting({0, 1, 1000}, [&](const setting& now) {
            for (const std::size_t n : {0u, 1u, 2u, 33u, 2000u}) {
                reporter reports;
                verb.run(n, [](std::size_t) {}, told(reports, now));
                reports.close();
                CAPTURE(n);
                REQUIRE(reports.sound());
                REQUIRE(reports.count() >= 1);
                REQUIRE(reports.last().done == reports.last().total);
                REQUIRE((reports.last().done == n || (verb.whole_blocks && n != 0)));
            }
        });
    }
}

TEST_CASE("reports grow, never meet and are few", "[fault][progress]") {
    const watchdog guard("reports");
    for_each_setting({0}, [](const setting& now) {
        reporter reports;
        reports.nap_us = 2000;
        const std::size_t n = 60 * (now.schedule == parmap::schedule::serial ? 1 : now.threads);
        const auto start = std::chrono::steady_clock::now();
        parmap::parallel_for_each(
            parmap::indices(n), [](std::size_t) { sleep_ms(3); }, told(reports, now));
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        reports.close();
        CHECK(reports.sound());
        CHECK(reports.last().done == n);
        CHECK(static_cast<double>(reports.count()) <= 3 + 25 * took.count());
        CHECK(reports.count() >= 3);
        for (const auto& report : reports.all())
            CHECK(report.total == n);
    });
}

TEST_CASE("a total that nobody knows yet is zero until the end", "[fault][progress]") {
    const watchdog guard("unknown total");
    for (const auto& verb : every_verb()) {
        if (verb.sized)
            continue;
        INFO(verb.name);
        for_few_settings([&](const setting& now) {
            reporter reports;
            const std::size_t n = 100 * std::min<std::size_t>(now.threads, 3);
            verb.run(n, [](std::size_t) { sleep_us(1500); }, told(reports, now));
            reports.close();
            REQUIRE(reports.sound());
            REQUIRE(reports.count() >= 2);
            for (std::size_t i = 0; i + 1 < reports.count(); ++i) {
                const auto report = reports.all()[i];
                REQUIRE((report.total == 0 || report.done == n));
            }
            REQUIRE(reports.last().done == n);
            REQUIRE(reports.last().total == n);
        });
    }
}

TEST_CASE("what a report throws stops the work and leaves the call", "[fault][progress]") {
    const watchdog guard("throwing report");
    for (const auto& verb : every_verb()) {
        if (verb.whole_blocks)
            continue;
        INFO(verb.name);
        for_few_settings([&](const setting& now) {
            const std::size_t n = 300 * now.threads;
            call_log log(n);
            std::atomic<bool> thrown = false;
            std::atomic<std::size_t> late = 0;
            auto how = now.options();
            how.on_progress = [&](parmap::progress at) {
                if (at.done == 0)
                    return;
                thrown = true;
                throw report_error();
            };
            const auto item = [&](std::size_t i) {
                const auto inside = log.enter(i);
                if (thrown)
                    ++late;
                sleep_us(1100);
            };
            REQUIRE_THROWS_AS(verb.run(n, item, how), report_error);
            log.close();
            REQUIRE(log.calls() < n);
            REQUIRE(late <= 4 * now.threads);
            REQUIRE(log.quiet());
            REQUIRE(counts.balanced());
        });
    }
}

TEST_CASE("what the last report throws leaves the call, too", "[fault][progress]") {
    for (const auto& verb : every_verb()) {
        INFO(verb.name);
        for_each_setting([&](const setting& now) {
            for (const std::size_t n : {0u, 1u, 20u}) {
                auto how = now.options();
                how.on_progress = [&](parmap::progress at) {
                    if (at.total == at.done)
                        throw report_error();
                };
                REQUIRE_THROWS_AS(verb.run(n, [](std::size_t) {}, how), report_error);
                REQUIRE(counts.balanced());
            }
        });
    }
}

TEST_CASE("what a report throws leaves a call that would go on with what it has read",
          "[fault][progress]") {
    const std::list<std::size_t> walked(20);
    const auto op = [](std::size_t, std::size_t) -> std::size_t { throw item_error(1); };
    const auto itself = [](std::size_t i) { return i; };
    for_each_setting([&](const setting& now) {
        auto how = now.options();
        how.on_progress = [](parmap::progress) { throw report_error(); };
        REQUIRE_THROWS_AS(parmap::inclusive_scan(walked, op, how), report_error);
        REQUIRE_THROWS_AS(parmap::reduce_by(walked, itself, itself, std::size_t{0}, op, how),
                          report_error);
    });
}

TEST_CASE("a call that fails or stops never reports success", "[fault][progress]") {
    for_each_setting({0, 1, 1000}, [](const setting& now) {
        for (const bool fails : {true, false}) {
            reporter reports;
            std::stop_source source;
            auto how = told(reports, now);
            how.stop = source.get_token();
            const auto item = [&](std::size_t i) {
                if (i == 8 && fails)
                    throw item_error(i);
                if (i == 8)
                    source.request_stop();
                sleep_us(1100);
            };
            const auto run = [&] { parmap::parallel_for_each(parmap::indices(100), item, how); };
            if (fails) {
                CHECK(failing_index(run) == std::size_t{8});
            } else {
                CHECK_THROWS_AS(run(), parmap::operation_cancelled);
            }
            reports.close();
            CHECK(reports.sound());
            CHECK(reports.last().done < 100);
        }
    });
}

TEST_CASE("a report may itself use the pool", "[fault][progress]") {
    const watchdog guard("report that maps");
    for_each_setting({0}, [](const setting& now) {
        std::atomic<std::size_t> wrong = 0;
        auto how = now.options();
        how.on_progress = [&](parmap::progress) {
            const auto same = [](std::size_t i) { return i; };
            const auto all = parmap::parallel_map(parmap::indices(50), same, now.options());
            wrong += all != verbs::first_numbers(50) ? 1 : 0;
        };
        parmap::parallel_for_each(
            parmap::indices(24 * now.threads), [](std::size_t) { sleep_ms(3); }, how);
        CHECK(wrong == 0);
    });
}

TEST_CASE("reports come from inside a chunk", "[fault][progress]") {
    const watchdog guard("reports inside a chunk");
    for (const auto schedule : schedules) {
        for (const std::size_t threads : {1u, 3u}) {
            const setting now{schedule, threads, 1000000};
            INFO(now.name());
            reporter reports;
            parmap::parallel_for_each(
                parmap::indices(80 * threads), [](std::size_t) { sleep_us(2500); },
                told(reports, now));
            reports.close();
            CHECK(reports.sound());
            CHECK(reports.count() >= 3);
        }
    }
}
