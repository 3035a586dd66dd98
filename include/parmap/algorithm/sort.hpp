// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/merge_sort.hpp>
#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/algorithm/detail/text.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/raw_memory.hpp>
#include <parmap/runtime/detail/whole_call.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <iterator>
#include <memory>
#include <numeric>
#include <ranges>
#include <string_view>
#include <type_traits>
#include <utility>

namespace parmap {

/// A random-access range that knows its size, whose elements can be moved about and compared.
template <class Range, class Compare, class Projection>
concept sortable_in_place =
    std::ranges::random_access_range<Range> && std::ranges::sized_range<Range> &&
    std::sortable<std::ranges::iterator_t<Range>, Compare, Projection>;

namespace detail {

template <class Compare>
inline constexpr bool is_plain_order = false;
template <class T>
inline constexpr bool is_plain_order<std::less<T>> = true;
template <class T>
inline constexpr bool is_plain_order<std::greater<T>> = true;
template <>
inline constexpr bool is_plain_order<std::ranges::less> = true;
template <>
inline constexpr bool is_plain_order<std::ranges::greater> = true;

/// Whether comparing elements cannot throw: the standard's comparisons of numbers do not say so.
template <class T, class Compare, class Projection>
inline constexpr bool compares_without_fail =
    (std::is_arithmetic_v<T> && is_plain_order<Compare> &&
     std::same_as<Projection, std::identity>) ||
    (std::is_nothrow_invocable_v<Projection&, T&> &&
     std::is_nothrow_invocable_v<Compare&, std::invoke_result_t<Projection&, T&>,
                                 std::invoke_result_t<Projection&, T&>>);

/// Whether elements are sorted as they are, and not by way of their indices.
template <class T>
inline constexpr bool sorted_directly =
    std::is_trivially_copyable_v<T> && std::copyable<T> && sizeof(T) <= 32;

template <class Compare>
inline constexpr bool is_descending = std::same_as<Compare, std::ranges::greater>;
template <class T>
inline constexpr bool is_descending<std::greater<T>> = true;

/// Where an element stands and how its text begins: the first eight characters, as a number that is
/// ordered as they are.
struct text_record {
    std::uint64_t beginning;
    std::size_t index;

    text_record(std::string_view text, std::size_t i) noexcept : beginning(0), index(i) {
        unsigned char characters[8] = {};
        if (!text.empty())
            std::memcpy(characters, text.data(), std::min<std::size_t>(text.size(), 8));
        for (const unsigned char c : characters)
            beginning = beginning << 8 | c;
    }
};

/// Makes element i of a range, from what `value(i)` returns.
template <class First, class Value>
struct assign_body {
    First first;
    Value value;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [first = first, &value = value](std::size_t i) {
            at_index(first, i) = value(i);
        });
    }

    void discard(interval) noexcept {}
};

/// Constructs element i of a buffer from what `value(i)` returns.
template <class T, class Value>
struct construct_body {
    T* out;
    Value value;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        for_each_of(items, at, watch, [out = out, &value = value](std::size_t i) {
            ::new (static_cast<void*>(out + i)) T(value(i));
        });
    }

    void discard(interval items) noexcept { std::destroy(out + items.begin, out + items.end); }
};

template <class Body>
void run_body(Body body, extent extent, const options& options) {
    engine(options, memory_of<Body>).run(extent, body);
}

template <class Range, class Compare, class Projection>
class sorter {
public:
    sorter(Range& range, Compare& compare, Projection& projection, const options& options)
        : range_(range), first_(first_of(range)),
          count_(static_cast<std::size_t>(std::ranges::size(range))), compare_(compare),
          projection_(projection), options_(options), later_(later_pass(options)) {}

    void run() {
        if constexpr (is_text<key_type> && is_plain_order<Compare>) {
            sort_texts();
        } else if constexpr (!sorted_directly<T>) {
            sort_by_index();
        } else if constexpr (std::ranges::contiguous_range<Range> &&
                             compares_without_fail<T, Compare, Projection>) {
            if (interruption(options_).possible()) {
                sort_copies();
            } else {
                sort_in_place();
            }
        } else {
            sort_copies();
        }
    }

private:
    using T = std::ranges::range_value_t<Range>;
    using first_type = decltype(first_of(std::declval<Range&>()));
    using key_type = std::remove_cvref_t<
        std::invoke_result_t<Projection&, std::ranges::range_reference_t<Range>>>;

    auto before() const {
        return [this](auto& a, auto& b) -> bool {
            return std::invoke(compare_, std::invoke(projection_, a), std::invoke(projection_, b));
        };
    }

    // Nothing can go wrong half way.
    void sort_in_place() {
        const raw_memory<T> other(count_);
        auto less = before();
        merge_sort<T, decltype(less)> sort(first_, other.data(), count_, less, count_);
        sort.run([](interval) {}, options_, later_);
    }

    // Copies are sorted, so that elements stay where they are if anything goes wrong.
    void sort_copies() {
        const raw_memory<T> home(count_);
        const raw_memory<T> away(count_);
        auto less = before();
        merge_sort<T, decltype(less)> sort(home.data(), away.data(), count_, less, count_);
        const auto copy = [this, out = home.data()](interval items) {
            for (std::size_t i = items.begin; i != items.end; ++i)
                ::new (static_cast<void*>(out + i)) T(at_index(first_, i));
        };
        sort.run(copy, options_, later_);
        const auto sorted = [from = home.data()](std::size_t i) { return from[i]; };
        assign(sorted);
    }

    // Indices are sorted, and elements moved twice: into the order of the leaves, so that those
    // compared from then on lie close to each other, and at the end into place.
    void sort_by_index() {
        const raw_memory<std::size_t> home(count_);
        const raw_memory<std::size_t> away(count_);
        auto less = less_at(first_);
        merge_sort<std::size_t, decltype(less)> sort(home.data(), away.data(), count_, less,
                                                     indices_in_leaf);
        const auto number = [out = home.data()](interval items) {
            for (std::size_t i = items.begin; i != items.end; ++i)
                out[i] = i;
        };
        sort.sort_leaves(number, options_);
        const moved_elements moved(*this, [order = sort.leaves()](auto i) { return order[i]; });
        std::iota(sort.leaves(), sort.leaves() + count_, std::size_t{0});
        auto less_moved = less_at(moved.data());
        merge_sort<std::size_t, decltype(less_moved)> rest(home.data(), away.data(), count_,
                                                           less_moved, indices_in_leaf);
        try {
            rest.merge_leaves(later_);
        } catch (...) {
            assign([from = moved.data()](std::size_t i) -> T&& { return std::move(from[i]); });
            throw;
        }
        assign([from = moved.data(), order = home.data()](std::size_t i) -> T&& {
            return std::move(from[order[i]]);
        });
    }

    // Most texts differ in how they begin, and need not be looked at.
    void sort_texts() {
        const raw_memory<text_record> home(count_);
        const raw_memory<text_record> away(count_);
        const auto less_text = less_at(first_);
        auto less = [&less_text](const text_record& a, const text_record& b) -> bool {
            if (a.beginning == b.beginning)
                return less_text(a.index, b.index);
            return is_descending<Compare> ? b.beginning < a.beginning : a.beginning < b.beginning;
        };
        merge_sort<text_record, decltype(less)> sort(home.data(), away.data(), count_, less,
                                                     count_);
        const auto begin_all = [this, out = home.data()](interval items) {
            for (std::size_t i = items.begin; i != items.end; ++i)
                ::new (static_cast<void*>(out + i))
                    text_record(std::invoke(projection_, at_index(first_, i)), i);
        };
        sort.run(begin_all, options_, later_);
        const moved_elements moved(*this, [order = home.data()](auto i) { return order[i].index; });
        assign([from = moved.data()](std::size_t i) -> T&& { return std::move(from[i]); });
    }

    // Compares elements by their indices.
    template <class First>
    auto less_at(First first) {
        return [this, first](std::size_t a, std::size_t b) -> bool {
            return std::invoke(compare_, std::invoke(projection_, at_index(first, a)),
                               std::invoke(projection_, at_index(first, b)));
        };
    }

    template <class Value>
    void assign(Value value) {
        run_body(assign_body<first_type, Value>{first_, value}, {count_, neighbours<Range>(count_)},
                 to_the_end(options_));
    }

    // The elements of the range, moved into an order.
    class moved_elements {
    public:
        template <class Order>
        moved_elements(sorter& owner, Order order) : memory_(owner.count_), count_(owner.count_) {
            const auto in_order = [&owner, order](std::size_t i) -> decltype(auto) {
                return std::ranges::iter_move(
                    owner.first_ + static_cast<std::iter_difference_t<first_type>>(order(i)));
            };
            run_body(construct_body<T, decltype(in_order)>{memory_.data(), in_order}, {count_},
                     to_the_end(owner.options_));
        }
        ~moved_elements() { std::destroy_n(data(), count_); }
        moved_elements(const moved_elements&) = delete;
        moved_elements& operator=(const moved_elements&) = delete;

        [[nodiscard]] T* data() const noexcept { return memory_.data(); }

    private:
        raw_memory<T> memory_;
        std::size_t count_;
    };

    static constexpr std::size_t indices_in_leaf = 2'048;

    Range& range_;
    first_type first_;
    std::size_t count_;
    Compare& compare_;
    Projection& projection_;
    const options& options_;
    const options later_;
};

} // namespace detail

/// Sorts a range in place, stably: equal elements keep their order.
///
/// `compare` and `projection` are as in `std::ranges::sort`.
///
/// - Complexity: at most n log2 n comparisons and about n / 16 more; memory for n elements, or two
///   times n of small ones or of indices where a comparison may throw or the call be stopped. An
///   element that is not small and bytewise copied is moved twice.
/// - Threads: may be called from any thread, and from inside any other call, on ranges of its own.
/// - Errors: what a comparison throws, of several the first in the order of the merge tree, which
///   depends on the number of elements alone; elements then stand in some order. What moving an
///   element throws leaves elements valid, their values lost.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded`, with elements in some order.
///   Progress counts elements that stand in a sorted block.
/// - Blocking: until all is sorted; the caller works too.
///
/// Source: merging by binary search for where to cut: Shiloach and Vishkin, Finding the Maximum,
/// Merging, and Sorting in a Parallel Computation Model, 1981.
template <std::ranges::random_access_range Range, class Compare = std::ranges::less,
          class Projection = std::identity>
    requires sortable_in_place<Range, Compare, Projection>
void parallel_sort(Range&& range, Compare compare = {}, Projection projection = {},
                   const options& options = {}) {
    const detail::whole_call here(options);
    detail::sorter<std::remove_reference_t<Range>, Compare, Projection>(range, compare, projection,
                                                                        options)
        .run();
}

} // namespace parmap
