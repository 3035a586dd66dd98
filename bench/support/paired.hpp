// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "effort.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace bench {

using stopwatch = std::chrono::steady_clock;

/// Hot calls follow one another; a cold one follows 50 ms of idleness.
enum class temperature { hot, cold };

inline constexpr std::chrono::milliseconds idleness{50};

inline const char* name_of(temperature t) {
    return t == temperature::hot ? "hot" : "cold";
}

/// How pairs are taken. A cold sample is one call; a hot one as many as a clock can tell, unless
/// `one_call`.
struct sampling {
    temperature at = temperature::hot;
    effort spend = {};
    bool one_call = false;
};

/// The times of the loop and of a contestant, taken in turn: what the machine does to one of a pair
/// it does to the other, so that their ratio holds where neither time does.
class pairs {
public:
    explicit pairs(const sampling& how);

    /// Whether the effort is spent.
    bool enough() const;
    std::size_t count() const { return ratio_.size(); }
    void add(double serial_ns, double call_ns);

    double seconds_of_call() const;

    /// Sets the counters ratio, ratio_p90, serial_ns, call_ns and rounds.
    void report(benchmark::State& state) const;

private:
    std::size_t least_, most_;
    stopwatch::time_point until_;
    std::vector<double> serial_, call_, ratio_;
};

double quantile(std::vector<double> values, double q);

/// Fails the benchmark, and the whole run, if a contestant computed something else than the loop.
bool require_same(benchmark::State& state, double expected, double checksum);
bool any_wrong_result();

/// One of a pair. `prepare` is called before each hot sample: the other's turn has put workers to
/// sleep and its own data into the cache.
template <class Call, class Prepare>
struct side {
    Call call;
    Prepare prepare;
};

namespace detail {

// Inlined where it is called once, it would be laid out as code that hardly ever runs.
template <class Call>
[[gnu::noinline]] double ns_a_call(Call& call, std::size_t calls) {
    const auto begin = stopwatch::now();
    for (std::size_t i = 0; i < calls; ++i) {
        call();
        benchmark::ClobberMemory();
    }
    const std::chrono::duration<double, std::nano> taken = stopwatch::now() - begin;
    return taken.count() / static_cast<double>(calls);
}

// So many that it is the calls that are measured, not the clock's own 30 ns.
template <class Call>
std::size_t calls_a_sample(Call& call) {
    constexpr double enough_ns = 20'000;
    std::size_t calls = 1;
    for (; calls < (std::size_t{1} << 20); calls *= 2) {
        double least = ns_a_call(call, calls);
        // What takes this long was not one interruption.
        for (int again = 0; again < 2 && least < 1e6; ++again)
            least = std::min(least, ns_a_call(call, calls));
        if (least * static_cast<double>(calls) >= enough_ns)
            break;
    }
    return calls;
}

/// Takes samples of one of a pair.
template <class Call, class Prepare>
class sampler {
public:
    sampler(const sampling& how, side<Call, Prepare>& from) : at_(how.at), from_(from) {
        if (at_ == temperature::hot && !how.one_call)
            calls_ = calls_a_sample(from_.call);
    }

    double sample() {
        if (at_ == temperature::cold) {
            std::this_thread::sleep_for(idleness);
        } else {
            from_.prepare();
        }
        return ns_a_call(from_.call, calls_);
    }

private:
    temperature at_;
    side<Call, Prepare>& from_;
    std::size_t calls_ = 1;
};

template <class Serial, class Contestant>
void sample_in_turn(pairs& taken, Serial& serial, Contestant& contestant) {
    while (!taken.enough()) {
        const bool serial_first = taken.count() % 2 == 0;
        double serial_ns = serial_first ? serial.sample() : 0;
        const double call_ns = contestant.sample();
        if (!serial_first)
            serial_ns = serial.sample();
        taken.add(serial_ns, call_ns);
    }
}

} // namespace detail

/// The only iteration of a benchmark: samples the loop and the contestant in turn and reports.
template <class Loop, class PrepareLoop, class Call, class PrepareCall>
void measure(benchmark::State& state, const sampling& how, side<Loop, PrepareLoop> serial,
             side<Call, PrepareCall> contestant) {
    for ([[maybe_unused]] auto iteration : state) {
        detail::sampler loop(how, serial);
        detail::sampler call(how, contestant);
        pairs taken(how);
        detail::sample_in_turn(taken, loop, call);
        state.SetIterationTime(taken.seconds_of_call());
        taken.report(state);
    }
}

/// Each is prepared by a call of itself.
template <class Loop, class Call>
void measure(benchmark::State& state, const sampling& how, Loop serial, Call contestant) {
    measure(state, how, side{serial, serial}, side{contestant, contestant});
}

/// Registers a benchmark whose body calls `measure` once.
template <class Body>
void add_benchmark(const std::string& name, benchmark::TimeUnit unit, Body body) {
    benchmark::RegisterBenchmark(name.c_str(), body)->Iterations(1)->UseManualTime()->Unit(unit);
}

} // namespace bench
