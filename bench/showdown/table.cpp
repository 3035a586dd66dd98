// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"
#include "wording.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace showdown {
namespace {

constexpr int name_width = 26;
constexpr int width = 11;

void head(std::ostream& out, const config& c, const machine& m) {
    out << "y = exp(x) * sinh(x) over " << grouped(c.inputs) << " x " << grouped(c.size)
        << " doubles; median of " << c.repeat << " interleaved runs\n"
        << m.cpu << ", " << m.cores << (m.cores == 1 ? " core, " : " cores, ") << m.isa << "; "
        << m.compiler << "; " << m.date << "\n";
}

void line(std::ostream& out, const row& r, std::size_t note) {
    const auto mark = note == 0 ? "" : " (" + std::to_string(note) + ")";
    out << std::left << std::setw(name_width) << r.name << std::right << std::setw(8) << r.threads
        << std::setw(width) << duration(r.seconds) << std::setw(width) << factor(r.speedup)
        << std::setw(width + 1) << fixed(r.ns_per_element, 2) << std::setw(width)
        << fixed(r.gbytes_per_s, 2) << mark << "\n";
}

void scale_line(std::ostream& out, const results& r) {
    const auto ns = bytes_per_element / r.scale_gbytes_per_s;
    out << std::left << std::setw(name_width) << "y = a * x, memory's limit" << std::right
        << std::setw(8) << r.scale_threads << std::setw(width) << "" << std::setw(width) << ""
        << std::setw(width + 1) << fixed(ns, 2) << std::setw(width)
        << fixed(r.scale_gbytes_per_s, 2) << "\n";
}

std::size_t number_of(const std::string& note, std::vector<std::string>& notes) {
    if (note.empty()) {
        return 0;
    }
    const auto found = std::ranges::find(notes, note);
    const auto number = static_cast<std::size_t>(found - notes.begin()) + 1;
    if (found == notes.end()) {
        notes.push_back(note);
    }
    return number;
}

void section(std::ostream& out, kind k, const results& r, std::vector<std::string>& notes) {
    out << "\n"
        << std::left << std::setw(name_width) << title_of(k) << std::right << std::setw(8)
        << "threads" << std::setw(width) << "time" << std::setw(width) << "speed-up"
        << std::setw(width + 1) << "ns/element" << std::setw(width) << "GB/s" << "\n";
    for (const auto& one : r.rows) {
        if (one.input == k) {
            line(out, one, number_of(one.note, notes));
        }
    }
    scale_line(out, r);
}

const row* find(const results& r, const std::string& name, kind k, std::size_t threads) {
    const auto found = std::ranges::find_if(r.rows, [&](const row& one) {
        return one.name == name && one.input == k && one.threads == threads;
    });
    return found == r.rows.end() ? nullptr : &*found;
}

// A row at the fewest threads is the yardstick: what did more of them bring?
void against_threads(std::ostream& out, const config& c, kind k, const results& r) {
    out << "\ntime and speed-up against threads, " << title_of(k) << "\n"
        << std::setw(name_width) << "";
    for (const auto threads : c.threads) {
        out << std::right << std::setw(18) << thread_count(threads);
    }
    out << "\n";
    for (const auto* name : {"pooled", "pooled_vectorised", "pooled_vectorised_fresh"}) {
        const auto* const least = find(r, name, k, c.threads.front());
        out << std::left << std::setw(name_width) << name << std::right;
        for (const auto threads : c.threads) {
            const auto* const one = find(r, name, k, threads);
            out << std::setw(10) << duration(one->seconds) << std::setw(8)
                << factor(least->seconds / one->seconds);
        }
        out << "\n";
    }
}

} // namespace

std::string as_table(const config& c, const machine& m, const results& r) {
    std::ostringstream out;
    std::vector<std::string> notes;
    head(out, c, m);
    for (const auto k : kinds) {
        section(out, k, r, notes);
    }
    if (c.threads.size() > 1) {
        for (const auto k : kinds) {
            against_threads(out, c, k, r);
        }
    }
    out << "\nChecksums of all rows agree to 1e-12.\n";
    for (std::size_t i = 0; i < notes.size(); ++i) {
        out << "(" << i + 1 << ") " << notes[i] << "\n";
    }
    for (const auto& note : r.notes) {
        out << "Note: " << note << "\n";
    }
    return out.str();
}

} // namespace showdown
