// SPDX-License-Identifier: Apache-2.0
// parmap as a C++20 module, experimental: an umbrella of another kind. It is shipped as a source,
// to be compiled by the user's compiler with the user's flags, and exports each public name.
module;

#include <parmap/parmap.hpp>

export module parmap;

export namespace parmap {
using parmap::all_of;
using parmap::any_of;
using parmap::argmax;
using parmap::argmin;
using parmap::as_completed;
using parmap::available_concurrency;
using parmap::block_kernel;
using parmap::broadcast;
using parmap::callable_with;
using parmap::callable_with_arguments;
using parmap::callable_with_each_element;
using parmap::chunks;
using parmap::chunks_view;
using parmap::combines_two_into_one;
using parmap::combines_two_values;
using parmap::combines_values_of_groups;
using parmap::contiguous_sized_range;
using parmap::continuation_of;
using parmap::count_by;
using parmap::count_if;
using parmap::deadline_exceeded;
using parmap::default_pool;
using parmap::element_t;
using parmap::enumerate;
using parmap::exclusive_scan;
using parmap::find_if;
using parmap::for_each_async;
using parmap::future;
using parmap::grid;
using parmap::grid3_view;
using parmap::grid_view;
using parmap::group_by;
using parmap::histogram;
using parmap::imap;
using parmap::imap_unordered;
using parmap::imap_view;
using parmap::inclusive_scan;
using parmap::indices;
using parmap::indices_view;
using parmap::keeps_or_drops_each_element;
using parmap::makes_a_value_of_each_lvalue;
using parmap::map_async;
using parmap::map_reduce;
using parmap::map_reduce_async;
using parmap::mapped_t;
using parmap::mapped_to_a_value;
using parmap::mapped_to_the_type_of_init;
using parmap::max;
using parmap::mean;
using parmap::min;
using parmap::minmax;
using parmap::no_deadline;
using parmap::none_of;
using parmap::operation_cancelled;
using parmap::options;
using parmap::orders_elements;
using parmap::outcome;
using parmap::output_of_each_result;
using parmap::parallel_filter;
using parmap::parallel_for_each;
using parmap::parallel_invoke;
using parmap::parallel_map;
using parmap::parallel_map_blocks;
using parmap::parallel_map_into;
using parmap::parallel_reduce;
using parmap::parallel_sort;
using parmap::parallel_try_map;
using parmap::pool;
using parmap::predicate_on_each_element;
using parmap::product;
using parmap::progress;
using parmap::progress_bar;
using parmap::range_of_copyable_ordered_elements;
using parmap::range_of_keepable_elements;
using parmap::range_of_numbers;
using parmap::range_of_ordered_elements;
using parmap::reduce_async;
using parmap::reduce_by;
using parmap::schedule;
using parmap::sortable_in_place;
using parmap::stop_on_signal;
using parmap::submit;
using parmap::submit_on;
using parmap::sum;
using parmap::timing;
using parmap::top_k;
using parmap::variance;
using parmap::version_major;
using parmap::version_minor;
using parmap::version_patch;
using parmap::when_all;
using parmap::when_any;
using parmap::when_any_result;
using parmap::worker_local;
using parmap::zip;
using parmap::zip_view;
} // namespace parmap

export namespace parmap::simd {
using parmap::simd::exp;
using parmap::simd::exp_sinh;
using parmap::simd::exp_sinh_fast;
using parmap::simd::expm1;
using parmap::simd::isa;
using parmap::simd::sinh;
using parmap::simd::vector_function;
} // namespace parmap::simd
