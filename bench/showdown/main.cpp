// SPDX-License-Identifier: Apache-2.0
#include "arguments.hpp"
#include "machine.hpp"
#include "measure.hpp"
#include "progress_line.hpp"
#include "python.hpp"
#include "report.hpp"

#include <exception>
#include <fstream>
#include <iostream>
#include <new>
#include <stdexcept>

namespace {

using namespace showdown;

enum exit_status { done = 0, failed = 1, refused = 2 };

void write_file(const std::string& path, const std::string& content) {
    if (path.empty()) {
        return;
    }
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << content << std::flush;
    if (!file) {
        throw std::runtime_error("'" + path + "' could not be written");
    }
}

results measure_all(const config& c, const machine& m) {
    results r;
    r.scale_threads = m.cores;
    progress_line progress;
    for (const auto k : kinds) {
        measure(c, k, progress, r);
    }
    if (c.python) {
        measure_python(c, progress, r);
    }
    return r;
}

void run(const config& c) {
    const auto m = this_machine();
    const auto r = measure_all(c, m);
    std::cout << as_table(c, m, r) << std::flush;
    write_file(c.json, as_json(c, m, r));
    write_file(c.svg, as_svg(c, m, r));
}

exit_status report(exit_status status, const std::string& what) {
    std::cerr << "showdown: " << what << "\n";
    return status;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const auto c = parse_arguments(argc, argv);
        if (c.help) {
            std::cout << help_text();
            return done;
        }
        check_feasible(c);
        run(c);
        return done;
    } catch (const refusal& e) {
        return report(refused, e.what());
    } catch (const std::invalid_argument& e) { // of parmap: PARMAP_NUM_THREADS, PARMAP_SIMD
        return report(refused, e.what());
    } catch (const std::bad_alloc&) {
        return report(refused, "there is not enough memory for this size");
    } catch (const std::exception& e) {
        return report(failed, e.what());
    }
}
