// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/keyed.hpp>
#include <parmap/algorithm/detail/loans.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>
#include <parmap/runtime/detail/walk.hpp>

#include <cstddef>
#include <limits>
#include <ranges>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace parmap {

namespace detail {

/// Counts keys in tables that threads borrow: whose table an element is counted in makes no
/// difference.
template <class K, class Key>
class key_counter {
public:
    using table = sharded_table<K, std::size_t>;

    key_counter(Key& key, std::size_t elements)
        : key_(key), bits_(shard_bits_for(elements)), tables_({bits_}) {}

    auto borrow() { return tables_.borrow(); }
    auto borrow_late() noexcept { return late_table(tables_); }

    template <class Element>
    void count(table& into, Element&& element) {
        with_key<K>(key_, std::forward<Element>(element), [&](std::size_t hash, auto&& key) {
            key_table<K, std::size_t>& shard = into.shard_of(hash);
            std::size_t* const known = shard.find(hash, key);
            ++(known != nullptr ? *known : shard.add(hash, std::forward<decltype(key)>(key), 0));
        });
    }

    std::unordered_map<K, std::size_t> take(const options& options) {
        auto shards = link_tables<K, std::size_t>(tables_.all(), bits_, later_pass(options));
        return map_of<std::size_t>(shards, [](const key_chain<K, std::size_t>& chain) {
            std::size_t sum = 0;
            for (const auto* entry = chain.first; entry != nullptr; entry = entry->next)
                sum += entry->value;
            return sum;
        });
    }

private:
    struct make_table {
        unsigned bits;
        table operator()() const { return table(bits); }
    };
    using tables = loans<table, make_table>;

    Key& key_;
    unsigned bits_;
    tables tables_;

public:
    using late_table = late_loan<tables>;
};

template <class First, class Counter>
struct count_by_body {
    First first;
    Counter& counter;

    template <class Watch>
    void run(interval items, std::size_t& at, Watch& watch) {
        const auto loan = counter.borrow();
        for_each_of(items, at, watch, [this, &table = *loan](std::size_t i) {
            counter.count(table, at_index(first, i));
        });
    }

    void discard(interval) noexcept {}
};

template <class Counter>
struct count_by_sink {
    Counter& counter;

    void admit(std::size_t) const noexcept {}
    auto open(interval) const noexcept { return counter.borrow_late(); }

    template <class Element>
    void put(Element&& element, std::size_t, typename Counter::late_table& into) {
        counter.count(*into, std::forward<Element>(element));
    }
};

template <class K, class Range, class Key>
std::unordered_map<K, std::size_t> count_in_place(Range& range, Key& key, const options& options) {
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    using counter_type = key_counter<K, Key>;
    counter_type counter(key, count);
    auto first = first_of(range);
    using body_type = count_by_body<decltype(first), counter_type>;
    body_type body{std::move(first), counter};
    engine(options, memory_of<body_type>).run({count}, body);
    return counter.take(options);
}

template <class K, class Range, class Key>
std::unordered_map<K, std::size_t> count_in_batches(Range& range, Key& key,
                                                    const options& options) {
    using counter_type = key_counter<K, Key>;
    using sink_type = count_by_sink<counter_type>;
    counter_type counter(key, std::numeric_limits<std::size_t>::max());
    sink_type sink{counter};
    walk_all(range, sink, options);
    return counter.take(options);
}

} // namespace detail

/// How often each key occurs: a map from `key(element)`, decayed, to the number of elements.
///
/// A key is copied only where it is met first, and not at all if `key` returns it by value. Where
/// `key` returns a view, such as a `std::string_view`, of data that outlives the call, that view is
/// the key.
///
/// - Complexity: one call of `key` and one hash for each element; memory for each distinct key, on
///   each thread that met it. Putting distinct keys into the map is serial, all else is not.
/// - Threads: may be called from any thread, and from inside any other call.
/// - Errors: what `key`, the hash or the copy of a key throws at the lowest index, as a serial loop
///   lets out; of several comparisons that throw, one of them.
/// - Cancellation: `operation_cancelled` or `deadline_exceeded` if elements were left out. Progress
///   counts elements whose key has been counted.
/// - Blocking: until every element is counted; the caller works too.
///
/// Example: examples/07_wordcount.cpp
template <std::ranges::input_range Range, class Key>
    requires makes_a_key_of_each_element<Key, Range>
auto count_by(Range&& range, Key&& key, const options& options = {}) {
    using K = mapped_t<Key, Range>;
    if constexpr (detail::splittable_range<Range>) {
        return detail::count_in_place<K>(range, key, options);
    } else {
        return detail::count_in_batches<K>(range, key, options);
    }
}

} // namespace parmap
