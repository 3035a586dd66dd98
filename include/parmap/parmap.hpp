// SPDX-License-Identifier: Apache-2.0
#pragma once

// All of parmap.

#include <parmap/algorithm/count_by.hpp>
#include <parmap/algorithm/filter.hpp>
#include <parmap/algorithm/find.hpp>
#include <parmap/algorithm/for_each.hpp>
#include <parmap/algorithm/group_by.hpp>
#include <parmap/algorithm/histogram.hpp>
#include <parmap/algorithm/invoke.hpp>
#include <parmap/algorithm/map.hpp>
#include <parmap/algorithm/map_blocks.hpp>
#include <parmap/algorithm/map_into.hpp>
#include <parmap/algorithm/minmax.hpp>
#include <parmap/algorithm/reduce.hpp>
#include <parmap/algorithm/reduce_by.hpp>
#include <parmap/algorithm/scan.hpp>
#include <parmap/algorithm/sort.hpp>
#include <parmap/algorithm/sum.hpp>
#include <parmap/algorithm/top_k.hpp>
#include <parmap/algorithm/try_map.hpp>
#include <parmap/async/future.hpp>
#include <parmap/async/map_async.hpp>
#include <parmap/async/submit.hpp>
#include <parmap/async/when.hpp>
#include <parmap/core/chunks.hpp>
#include <parmap/core/concepts.hpp>
#include <parmap/core/enumerate.hpp>
#include <parmap/core/errors.hpp>
#include <parmap/core/grid.hpp>
#include <parmap/core/indices.hpp>
#include <parmap/core/options.hpp>
#include <parmap/core/outcome.hpp>
#include <parmap/core/progress.hpp>
#include <parmap/core/schedule.hpp>
#include <parmap/core/zip.hpp>
#include <parmap/observe/progress_bar.hpp>
#include <parmap/observe/stop_on_signal.hpp>
#include <parmap/runtime/broadcast.hpp>
#include <parmap/runtime/concurrency.hpp>
#include <parmap/runtime/pool.hpp>
#include <parmap/runtime/worker_local.hpp>
#include <parmap/simd/kernels.hpp>
#include <parmap/stream/imap.hpp>
#include <parmap/version.hpp>
