// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include "../showdown/wording.hpp"

#include <algorithm>
#include <cstddef>

namespace kernels_bench {
namespace {

using showdown::fixed;

/// What all are held against: libmvec's product, or the best that there is of that kind.
const row* yardstick(const std::vector<row>& rows) {
    for (const char* who : {"libmvec", "libm"}) {
        const auto found = std::ranges::find_if(
            rows, [&](const row& r) { return r.who == who && r.how == "exp(x) * sinh(x)"; });
        if (found != rows.end())
            return &*found;
    }
    return nullptr;
}

std::string head(const figures& f) {
    std::string first = "| | ULP |", second = "|---|---:|";
    for (const place& p : f.at) {
        first.append(" ").append(p.name).append(": ns (cycles) | GB/s | ratio |");
        second += "---:|---:|---:|";
    }
    return first + "\n" + second + "\n";
}

std::string line(const figures& f, const row& r, const row* standard, std::size_t bytes) {
    std::string text = "| ";
    text.append(r.who).append(": ").append(r.how).append(" | ");
    text.append(r.ulp < 0 ? std::string() : fixed(r.ulp, 2)).append(" |");
    for (std::size_t i = 0; i < places; ++i) {
        text.append(" ").append(fixed(r.ns[i], 3)).append(" (");
        text.append(fixed(r.ns[i] / f.cycle_ns, 2)).append(") | ");
        text.append(fixed(2 * static_cast<double>(bytes) / r.ns[i], 1)).append(" | ");
        if (standard != nullptr)
            text.append(fixed(r.ns[i] / standard->ns[i], 2));
        text.append(" |");
    }
    return text + "\n";
}

std::string table(const figures& f, const std::vector<row>& rows, const char* type,
                  std::size_t bytes) {
    const row* standard = yardstick(rows);
    std::string text = "\n**";
    text.append(type).append("**\n\n").append(head(f));
    for (const row& r : rows)
        text += line(f, r, standard, bytes);
    return text;
}

} // namespace

std::string as_markdown(const figures& f) {
    std::string text = "exp(x) * sinh(x), x in [-5, 5]: medians, an element; ";
    for (const place& p : f.at)
        text.append(p.name).append(" ").append(showdown::grouped(p.elements)).append(", ");
    text.append("a cycle is ").append(fixed(f.cycle_ns, 3));
    text.append(" ns; ratios are to the product of libmvec, or else of libm.\n");
    text.append(table(f, f.doubles, "double", sizeof(double)));
    return text.append(table(f, f.floats, "float", sizeof(float)));
}

} // namespace kernels_bench
