// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/loans.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>

#include <cmath>
#include <concepts>
#include <cstddef>
#include <sstream>
#include <stdexcept>
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
    using counts = std::vector<std::size_t>;
    const detail::bins cut(bins, low, high);
    detail::loans parts([bins] { return counts(bins); });
    const auto count = [&cut](counts& into, auto&& element, std::size_t) {
        const auto x = static_cast<double>(element);
        if (cut.contains(x))
            ++into[cut.of(x)];
    };
    detail::tally(range, parts, count, options);
    counts sum(bins);
    for (const counts& part : parts.all()) {
        for (std::size_t i = 0; i != bins; ++i)
            sum[i] += part[i];
    }
    return sum;
}

} // namespace parmap
