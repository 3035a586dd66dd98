// SPDX-License-Identifier: Apache-2.0
#include "support/failing_pieces.hpp"

#include <cstddef>
#include <functional>
#include <parmap/parmap.hpp>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

using namespace parmap_test;

// Verbs that compare or combine elements by functions that throw.

namespace {

struct firsts {
    std::size_t k;
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::top_k(range, k, std::less<>(), how);
    }
};

struct scanning {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::inclusive_scan(range, sum_of, how);
    }
};

struct scanning_before {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::exclusive_scan(range, piece(0, 999), sum_of, how);
    }
};

struct least_and_greatest {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::minmax(range, how);
    }
};

struct place_of_greatest {
    auto operator()(auto& range, const parmap::options& how) const {
        return parmap::argmax(range, how);
    }
};

struct keeping {
    auto operator()(auto& range, const parmap::options& how) const {
        const auto odd = [](const piece& element) {
            fail_at(fails.key, 3, element.element);
            return element.number % 2 == 1;
        };
        return parmap::parallel_filter(range, odd, how);
    }
};

/// Sorts copies of the elements that it is given.
struct sorting {
    auto operator()(auto& range, const parmap::options& how) const {
        std::vector<piece> all;
        for (auto&& element : range)
            all.emplace_back(element.number, element.element);
        parmap::parallel_sort(all, std::less<>(), {}, how);
    }
};

} // namespace

TEST_CASE("top_k fails the same way everywhere", "[fault][top_k]") {
    require_same_failures("top_k, 3", firsts{3});
    require_same_failures("top_k, 100", firsts{100});
}

TEST_CASE("scans fail the same way everywhere", "[fault][scan]") {
    require_same_failures("inclusive_scan", scanning());
    require_same_failures("exclusive_scan", scanning_before());
}

TEST_CASE("extremes, filters and sorting fail the same way everywhere", "[fault][minmax]") {
    require_same_failures("minmax", least_and_greatest());
    require_same_failures("argmax", place_of_greatest());
    require_same_failures("parallel_filter", keeping());
    require_same_failures("parallel_sort", sorting());
}

TEST_CASE("what is compared or combined at a lower element comes first", "[fault][scan]") {
    require_failure("top_k", 1'300, {.read = {1'200}, .pair = {20}}, code_of(6, 20), firsts{5});
    const failing plan{.read = {50}, .step = {20}};
    require_failure("inclusive_scan", 120, plan, code_of(7, 20), scanning());
    require_failure("exclusive_scan", 120, plan, code_of(7, 20), scanning_before());
}
