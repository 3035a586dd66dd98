// SPDX-License-Identifier: Apache-2.0
#include "python.hpp"

#include "job.hpp"
#include "measure.hpp"
#include "memory.hpp"
#include "operation.hpp"
#include "subprocess.hpp"

#include <algorithm>
#include <map>
#include <sstream>

namespace showdown {
namespace {

// The whole of it; each row has a limit of its own in the script.
constexpr std::chrono::seconds limit{1800};

int run_quietly(const std::vector<std::string>& command) {
    return run_program(command, std::chrono::seconds(60), [](const std::string&) {});
}

// The first Python that has NumPy; else the first that runs at all; else none.
std::string find_python() {
    const std::vector<std::string> candidates{"python3", "/usr/bin/python3", "python"};
    for (const auto* need : {"import numpy", "import multiprocessing"}) {
        for (const auto& candidate : candidates) {
            if (run_quietly({candidate, "-c", need}) == 0) {
                return candidate;
            }
        }
    }
    return {};
}

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, '\t');) {
        fields.push_back(field);
    }
    return fields;
}

template <typename T>
T value_of(const std::string& text) {
    T value{};
    std::istringstream(text) >> value;
    return value;
}

// What libm says of the first `size` elements of each input: some rows take no more than that.
double expected(const config& c, kind k, std::size_t size) {
    checksum total;
    for (std::size_t i = 0; i < c.inputs; ++i) {
        for (std::size_t e = 0; e < size; ++e) {
            total.add(operation(input_value(k, std::uint64_t{i} * c.size + e)));
        }
    }
    return total.value();
}

class reader {
public:
    reader(const config& c, progress_line& progress, results& r)
        : config_(c), progress_(progress), results_(r) {
        for (const auto& one : r.rows) {
            if (one.name == "serial") {
                serial_[one.input] = one;
            }
        }
    }

    void read(const std::string& line) {
        const auto fields = split(line);
        if (fields.size() == 2 && fields[0] == "progress") {
            progress_.show("CPython: " + fields[1]);
        } else if (fields.size() == 2 && fields[0] == "note") {
            results_.notes.push_back("CPython: " + fields[1]);
        } else if (fields.size() >= 7 && fields[0] == "row") {
            add(fields);
        }
    }

private:
    // row, name, input, threads, seconds for the whole job, elements taken of each input,
    // checksum, and perhaps a note
    void add(const std::vector<std::string>& fields) {
        row r;
        r.name = fields[1];
        r.input = fields[2] == name_of(kind::ones) ? kind::ones : kind::uniform;
        r.threads = value_of<std::size_t>(fields[3]);
        r.seconds = value_of<double>(fields[4]);
        const auto size = value_of<std::size_t>(fields[5]);
        r.checksum = value_of<double>(fields[6]);
        r.note = fields.size() > 7 ? fields[7] : "";
        r.python = true;
        require_agreement(r, checksum_for(r.input, size));
        derive(r, config_, serial_[r.input].seconds);
        results_.rows.push_back(r);
    }

    double checksum_for(kind k, std::size_t size) {
        if (size == config_.size) {
            return serial_[k].checksum;
        }
        const auto [at, is_new] = expected_.try_emplace({k, size}, 0.0);
        if (is_new) {
            at->second = expected(config_, k, size);
        }
        return at->second;
    }

    const config& config_;
    progress_line& progress_;
    results& results_;
    std::map<kind, row> serial_;
    std::map<std::pair<kind, std::size_t>, double> expected_;
};

} // namespace

void measure_python(const config& c, progress_line& progress, results& r) {
    progress.show("CPython: looking for one with NumPy");
    const auto python = find_python();
    if (python.empty()) {
        r.notes.emplace_back("CPython: no python3 was found, so it has no rows");
        return;
    }
    reader rows(c, progress, r);
    const std::vector<std::string> command{
        python,
        SHOWDOWN_PYTHON_SCRIPT,
        "--size=" + std::to_string(c.size),
        "--inputs=" + std::to_string(c.inputs),
        "--repeat=" + std::to_string(std::min<std::size_t>(c.repeat, 3)),
        "--threads=" + std::to_string(c.threads.back()),
        "--memory=" + std::to_string(static_cast<long long>(std::min(bytes_available(), 1e18)))};
    const int status =
        run_program(command, limit, [&](const std::string& line) { rows.read(line); });
    if (status != 0) {
        r.notes.push_back("CPython: the script ended early, with status " + std::to_string(status));
    }
}

} // namespace showdown
