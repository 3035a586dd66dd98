// SPDX-License-Identifier: Apache-2.0
#include "measure.hpp"

#include "contestants.hpp"
#include "job.hpp"
#include "scale.hpp"

#include <parmap/parmap.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <list>
#include <string>

namespace showdown {
namespace {

double seconds_of(const contestant& who, job& j) {
    j.fresh.clear(); // what earlier results cost to free is not part of making new ones
    const auto begin = std::chrono::steady_clock::now();
    who.run(j);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    return std::max(taken.count(), 1e-9); // a job of one element must not divide by zero
}

std::vector<contestant> line_up(std::list<parmap::pool>& pools) {
    std::vector<contestant> all{serial()};
    for (auto& pool : pools) {
        all.push_back(pooled(pool));
    }
    all.push_back(vectorised());
    for (auto& pool : pools) {
        all.push_back(pooled_vectorised(pool));
    }
    for (auto& pool : pools) {
        all.push_back(pooled_vectorised_fresh(pool));
    }
    return all;
}

// Rows share one buffer: without this, a row that writes nothing would show its predecessor's sum.
void spoil(job& j) {
    for (auto& output : j.out) {
        std::ranges::fill(output, std::numeric_limits<double>::quiet_NaN());
    }
}

row warm_up(const contestant& who, kind k, job& j) {
    spoil(j);
    seconds_of(who, j);
    row r;
    r.name = who.name;
    r.input = k;
    r.threads = who.threads;
    r.checksum = checksum_of(who.makes_fresh ? j.fresh : j.out);
    return r;
}

std::string what(kind k, const std::string& step, const contestant& who) {
    return std::string(title_of(k)) + ": " + step + ", " + who.name + " on " +
           std::to_string(who.threads);
}

} // namespace

void require_agreement(const row& r, double expected) {
    if (agree(r.checksum, expected)) {
        return;
    }
    char figures[128];
    std::snprintf(figures, sizeof figures, "%.17g instead of %.17g", r.checksum, expected);
    throw wrong_result("the checksum of " + r.name + " on " + std::to_string(r.threads) +
                       " threads, " + title_of(r.input) + ", is " + figures);
}

void measure(const config& c, kind k, progress_line& progress, results& r) {
    progress.show(std::string(title_of(k)) + ": making inputs");
    auto j = make_job(c, k);
    std::list<parmap::pool> pools;
    for (const auto threads : c.threads) {
        pools.emplace_back(threads);
    }
    const auto all = line_up(pools);
    std::vector<row> rows;
    for (const auto& who : all) {
        progress.show(what(k, "warming up", who));
        rows.push_back(warm_up(who, k, j));
        require_agreement(rows.back(), rows.front().checksum);
    }
    std::vector<std::vector<double>> times(all.size());
    std::vector<double> scale;
    for (std::size_t round = 1; round <= c.repeat; ++round) {
        const auto step = "round " + std::to_string(round) + " of " + std::to_string(c.repeat);
        for (std::size_t i = 0; i < all.size(); ++i) {
            progress.show(what(k, step, all[i]));
            times[i].push_back(seconds_of(all[i], j));
        }
        scale.push_back(scale_bandwidth(j, r.scale_threads));
    }
    r.scale_gbytes_per_s = std::max(r.scale_gbytes_per_s, median(scale));
    for (std::size_t i = 0; i < all.size(); ++i) {
        rows[i].seconds = median(times[i]);
        derive(rows[i], c, median(times.front()));
    }
    r.rows.insert(r.rows.end(), rows.begin(), rows.end());
}

} // namespace showdown
