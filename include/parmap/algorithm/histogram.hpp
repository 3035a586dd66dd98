// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/loans.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace parmap {

namespace detail {

/// Equal bins between two bounds, the last one closed.
class bins {
public:
    bins(std::size_t count, double low, double high)
        : low_(low), high_(high), count_(static_cast<double>(count)) {
        check(count, low, high);
        edges_.resize(count + 1);
        const double width = (high - low) / count_;
        for (std::size_t i = 0; i != count; ++i)
            edges_[i] = static_cast<double>(i) * width;
        for (std::size_t i = 0; i != count; ++i) // apart, so that nothing is fused
            edges_[i] += low;
        edges_[count] = high;
    }

    [[nodiscard]] std::size_t count() const noexcept { return edges_.size() - 1; }

    [[nodiscard]] bool contains(double x) const noexcept { return x >= low_ && x <= high_; }

    /// The bin of a value between the bounds: the one whose edges, rounded as they are, hold it.
    [[nodiscard]] std::size_t of(double x) const noexcept {
        auto bin = static_cast<std::size_t>((x - low_) / (high_ - low_) * count_);
        if (bin >= count())
            bin = count() - 1;
        if (x < edges_[bin])
            return bin - 1;
        return x >= edges_[bin + 1] && bin + 1 != count() ? bin + 1 : bin;
    }

private:
    static void check(std::size_t count, double low, double high) {
        if (count == 0)
            throw std::invalid_argument("parmap::histogram: bins is 0");
        if (!(low < high))
            refuse(low, high, "low must be less than high");
        if (!std::isfinite(high - low))
            refuse(low, high, "high - low must be finite");
    }

    [[noreturn]] static void refuse(double low, double high, const char* why) {
        std::ostringstream message;
        message << "parmap::histogram: low is " << low << " and high is " << high << ": " << why;
        throw std::invalid_argument(message.str());
    }

    double low_;
    double high_;
    double count_;
    std::vector<double> edges_;
};

/// Counts made on each thread, added up at the end.
class bin_counts {
public:
    explicit bin_counts(const bins& bins) : bins_(bins), counts_({bins.count()}) {}

    using counts = std::vector<std::size_t>;

    auto borrow() { return counts_.borrow(); }

    static void count(const bins& bins, counts& counts, double x) noexcept {
        if (bins.contains(x))
            ++counts[bins.of(x)];
    }

    [[nodiscard]] const bins& cut() const noexcept { return bins_; }

    [[nodiscard]] counts take() {
        counts sum(bins_.count());
        for (const counts& part : counts_.all()) {
            for (std::size_t i = 0; i != sum.size(); ++i)
                sum[i] += part[i];
        }
        return sum;
    }

private:
    struct make_counts {
        std::size_t size;
        counts operator()() const { return counts(size); }
    };

    const bins& bins_;
    loans<counts, make_counts> counts_;

public:
    using late_counts = late_loan<loans<counts, make_counts>>;
    late_counts borrow_late() noexcept { return late_counts(counts_); }
};

template <class First>
struct histogram_body {
    First first;
    bin_counts& counts;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        const auto loan = counts.borrow();
        for_each_of(items, at, watch, [this, &bins = counts.cut(), &into = *loan](std::size_t i) {
            bin_counts::count(bins, into, static_cast<double>(at_index(first, i)));
        });
    }

    void discard(interval) noexcept {}
};

struct histogram_sink {
    bin_counts& counts;

    void admit(std::size_t) const noexcept {}
    auto open(interval) const noexcept { return counts.borrow_late(); }

    template <class Element>
    void put(Element&& element, std::size_t, bin_counts::late_counts& into) {
        bin_counts::count(counts.cut(), *into, static_cast<double>(element));
    }
};

template <class Range>
void histogram_in_place(Range& range, bin_counts& counts, const options& options) {
    auto first = first_of(range);
    using body_type = histogram_body<decltype(first)>;
    body_type body{std::move(first), counts};
    engine(options, memory_of<body_type>)
        .run({static_cast<std::size_t>(std::ranges::size(range))}, body);
}

template <class Range>
void histogram_in_batches(Range& range, bin_counts& counts, const options& options) {
    histogram_sink sink{counts};
    walk_all(range, sink, options);
}

} // namespace detail

/// How many elements fall into each of `bins` equal bins between `low` and `high`. Each bin holds
/// its lower edge, the last one its upper edge too; what is outside or NaN is not counted.
///
/// Elements are compared as `double` with edges low + i * ((high - low) / bins), so that a value on
/// an edge lies in the bin in which NumPy's `histogram` counts it.
///
/// - Complexity: one look at each element; O(bins) memory for each thread.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: `std::invalid_argument` before any work if `bins` is 0, if `low < high` does not hold,
///   or if their difference is not finite. Else what the range throws at the lowest index.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out.
/// - Blocking: until every element is counted; the caller works too.
template <range_of_numbers Range>
std::vector<std::size_t> histogram(Range&& range, std::size_t bins, double low, double high,
                                   const options& options = {}) {
    const detail::bins cut(bins, low, high);
    detail::bin_counts counts(cut);
    if constexpr (detail::splittable_range<Range>) {
        detail::histogram_in_place(range, counts, options);
    } else {
        detail::histogram_in_batches(range, counts, options);
    }
    return counts.take();
}

} // namespace parmap
