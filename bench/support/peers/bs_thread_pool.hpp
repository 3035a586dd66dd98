// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/concurrency.hpp>

#include <BS_thread_pool.hpp>

#include <cstddef>
#include <tuple>

namespace bench {

struct bs_blocks {
    static constexpr const char* name = "bs_blocks";

    template <class T, class U, class F>
    static void map(const T* in, std::size_t n, U* out, const F& f) {
        threads()
            .submit_blocks(std::size_t{0}, n,
                           [=](std::size_t begin, std::size_t end) {
                               for (std::size_t i = begin; i != end; ++i)
                                   out[i] = f(in[i]);
                           })
            .wait();
    }

private:
    static BS::thread_pool<>& threads() {
        static BS::thread_pool<> all(parmap::available_concurrency());
        return all;
    }
};

using contestants = std::tuple<bs_blocks>;

} // namespace bench
