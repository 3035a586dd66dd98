// SPDX-License-Identifier: Apache-2.0
// measure_ulp POINTS STRIDE: prints, as Markdown, how far every kernel of this machine errs at
// POINTS random doubles a class and at every STRIDEth float (a power of two; 1: all of them).
#include "errors.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace accuracy;

void print_cell(double ulp) {
    if (std::isinf(ulp))
        std::printf(" wrong |");
    else
        std::printf(" %.3f |", ulp);
}

void print_head(const char* first) {
    std::printf("\n| %s |", first);
    for (const auto name : parmap_tests::all_names)
        std::printf(" %s |", parmap_tests::name_of(name));
    std::printf("\n|---|");
    for (std::size_t f = 0; f < functions; ++f)
        std::printf("---:|");
    std::printf("\n");
}

void print_row(const std::string& what, const std::array<double, functions>& ulps) {
    std::printf("| %s |", what.c_str());
    for (const double ulp : ulps)
        print_cell(ulp);
    std::printf("\n");
}

void print_doubles(const std::vector<finding>& found, std::size_t points) {
    const auto kernels = parmap_tests::usable_kernels();
    std::printf("## double\n\n%zu random points in each class, against MPFR with 140 bits.\n",
                points);
    for (std::size_t k = 0; k < kernels.size(); ++k) {
        print_head(parmap_tests::name_of(kernels[k]).data());
        for (const finding& f : found)
            print_row(f.points, f.worst.by_set[k]);
    }
}

void print_floats(const finding& found) {
    const auto kernels = parmap_tests::usable_kernels();
    std::printf("\n## float\n\n%s numbers, against the kernels for double.\n",
                found.points.c_str());
    print_head("");
    for (std::size_t k = 0; k < kernels.size(); ++k)
        print_row(std::string(parmap_tests::name_of(kernels[k])), found.worst.by_set[k]);
}

} // namespace

int main(int count, char** arguments) {
    const auto points = count == 3 ? std::strtoull(arguments[1], nullptr, 10) : 0;
    const auto stride = count == 3 ? std::strtoull(arguments[2], nullptr, 10) : 0;
    if (points == 0 || stride == 0 || (stride & (stride - 1)) != 0) {
        std::fprintf(stderr, "usage: measure_ulp POINTS STRIDE\n");
        return 2;
    }
    print_doubles(measure_doubles(points), points);
    print_floats(measure_floats(stride));
}
