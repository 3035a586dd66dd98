// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/algorithm/detail/failed_block.hpp>
#include <parmap/algorithm/detail/passes.hpp>
#include <parmap/core/options.hpp>
#include <parmap/runtime/detail/access.hpp>
#include <parmap/runtime/detail/engine.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace parmap::detail {

/// A scan in blocks: each has the left fold s of its own elements and a carry c, the fold of all
/// blocks before; what is written is op(c, s). The formula is the same whoever computes it.
///
/// In the first pass the block whose carry is known is written at once, which one thread does from
/// the front on; of any other block only the sum is taken, and a second pass writes it. A call that
/// stays on one thread has read everything once.
///
/// The first exception is that of the one-thread order: what a sum threw waits until the blocks
/// up to it have been written.
template <class First, class T, class Op, bool inclusive>
class blockwise_scan {
public:
    blockwise_scan(First first, std::size_t count, Op& op, T* out)
        : first_(std::move(first)), op_(op), out_(out), blocks_(blocks::square(count)),
          states_(blocks_.count()) {}

    blockwise_scan(const blockwise_scan&) = delete;
    blockwise_scan& operator=(const blockwise_scan&) = delete;

    /// Destroys what has been written, unless it was released.
    ~blockwise_scan() {
        for (std::size_t b = 0; b != states_.size(); ++b)
            std::destroy_n(out_ + blocks_.begin_of(b), states_[b].written);
    }

    /// What comes before everything.
    void start_with(T init) {
        if (!states_.empty())
            states_.front().carry.emplace(std::move(init));
    }

    void run(const options& options) {
        std::size_t end = blocks_.count();
        parmap::options later = later_pass(options);
        const auto try_pass = [&](auto pass) {
            try {
                pass();
            } catch (...) {
                if (!failed_.may_be_preceded())
                    throw;
                end = failed_.block() + 1;
                later = to_the_end(options);
            }
        };
        try_pass([&] { run_pass<sum_or_write>(options, {blocks_.items(), blocks_.length()}); });
        front_end_ = front_.load();
        if (front_end_ == blocks_.count())
            return;
        try_pass([&] { carry_on(later, end); });
        const std::size_t from = blocks_.begin_of(front_end_);
        run_pass<write_rest>(later, {blocks_.end_of(end - 1) - from, blocks_.length()});
        if (failed_.error())
            std::rethrow_exception(failed_.error());
    }

    /// What has been written is somebody else's from now on.
    void release() noexcept { states_.clear(); }

private:
    struct block_state {
        std::optional<T> sum;
        std::optional<T> carry;
        std::size_t written = 0;
    };

    // The first pass.
    struct sum_or_write {
        blockwise_scan& scan;

        template <class Watch>
        void run(interval items, std::size_t& at, Watch& watch) {
            scan.blocks_.for_each_piece(items, at, [&](std::size_t block, interval piece) {
                scan.sum_or_write_piece(block, piece, at, watch);
            });
        }

        void discard(interval) noexcept {}
    };

    // The second, over what follows the blocks that the first has written.
    struct write_rest {
        blockwise_scan& scan;

        template <class Watch>
        void run(interval items, std::size_t& at, Watch& watch) {
            const std::size_t from = scan.blocks_.begin_of(scan.front_end_);
            std::size_t reached = at + from;
            const interval moved{items.begin + from, items.end + from};
            try {
                scan.blocks_.for_each_piece(moved, reached, [&](std::size_t b, interval piece) {
                    scan.write(b, piece, reached, watch);
                });
            } catch (...) {
                at = reached - from;
                throw;
            }
            at = reached - from;
        }

        void discard(interval) noexcept {}
    };

    // Carries, one after another: the item is the block that the carry goes into.
    struct carries {
        blockwise_scan& scan;
        std::size_t from;

        template <class Watch>
        void run(interval items, std::size_t& at, Watch& watch) {
            for_each_of(items, at, watch, [this](std::size_t i) {
                try {
                    scan.pass_carry(from + i);
                } catch (...) {
                    scan.failed_.record(from + i, false);
                    throw;
                }
            });
        }

        void discard(interval) noexcept {}
    };

    template <class Body>
    void run_pass(const options& options, extent extent) {
        Body body{*this};
        engine(options, memory_of<Body>).run(extent, body);
    }

    void carry_on(options options, std::size_t end) {
        options.schedule = schedule::serial;
        carries body{*this, front_end_};
        engine(options, memory_of<carries>).run({end - 1 - front_end_, 1}, body);
    }

    template <class Watch>
    void sum_or_write_piece(std::size_t block, interval piece, std::size_t& at, Watch& watch) {
        const bool begins = piece.begin == blocks_.begin_of(block);
        const bool writes =
            begins ? front_.load(std::memory_order_acquire) == block : states_[block].written != 0;
        try {
            if (!writes)
                return sum_up(block, piece, at, watch);
            write(block, piece, at, watch);
            if (at == blocks_.end_of(block))
                move_front(block, at);
        } catch (...) {
            failed_.record(block, writes);
            throw;
        }
    }

    void move_front(std::size_t block, std::size_t& at) {
        if (block + 1 != blocks_.count()) {
            --at; // where it throws, it is this block that has
            pass_carry(block);
            ++at;
        }
        front_.store(block + 1, std::memory_order_release);
    }

    void pass_carry(std::size_t block) {
        block_state& from = states_[block];
        block_state& to = states_[block + 1];
        if (from.carry) {
            to.carry.emplace(T(combined(*from.carry, *from.sum)));
        } else {
            to.carry.emplace(std::as_const(*from.sum));
        }
    }

    T element(std::size_t i) const { return T(at_index(first_, i)); }

    template <class Watch>
    void sum_up(std::size_t block, interval piece, std::size_t& at, Watch& watch) {
        std::optional<T>& sum = states_[block].sum;
        if (piece.begin == blocks_.begin_of(block)) {
            if (watch())
                return;
            sum.emplace(element(piece.begin));
            at = ++piece.begin;
        }
        T s = std::move(*sum);
        for_each_of(piece, at, watch, [this, &s](std::size_t i) {
            s = T(std::invoke(op_, std::move(s), element(i)));
        });
        sum.emplace(std::move(s));
    }

    template <class Watch>
    void write(std::size_t block, interval piece, std::size_t& at, Watch& watch) {
        block_state& state = states_[block];
        const std::size_t begin = blocks_.begin_of(block);
        if (piece.begin == begin) {
            if (watch())
                return;
            state.sum.emplace(element(begin));
            write_first(begin, state);
            state.written = 1;
            at = ++piece.begin;
        }
        try {
            if (state.carry) {
                write_on(piece, at, watch, state.sum, *state.carry);
            } else {
                write_on(piece, at, watch, state.sum);
            }
        } catch (...) {
            state.written = at - begin;
            throw;
        }
        state.written = at - begin;
    }

    void write_first(std::size_t at, const block_state& state) {
        if constexpr (!inclusive) {
            place(at, *state.carry);
        } else if (state.carry) {
            place(at, std::invoke(op_, *state.carry, *state.sum));
        } else {
            place(at, *state.sum);
        }
    }

    // After the first of a block.
    template <class Watch, class... Carry>
    void write_on(interval piece, std::size_t& at, Watch& watch, std::optional<T>& sum,
                  const Carry&... carry) {
        T s = std::move(*sum);
        for_each_of(piece, at, watch, [this, &s, &carry...](std::size_t i) {
            if constexpr (inclusive) {
                s = T(std::invoke(op_, std::move(s), element(i)));
                place(i, combined(carry..., std::as_const(s)));
            } else {
                place(i, combined(carry..., std::as_const(s)));
                step_or_take_back(s, i);
            }
        });
        sum.emplace(std::move(s));
    }

    // What has been written for an element that then throws does not count.
    void step_or_take_back(T& s, std::size_t i) {
        try {
            s = T(std::invoke(op_, std::move(s), element(i)));
        } catch (...) {
            std::destroy_at(out_ + i);
            throw;
        }
    }

    static const T& combined(const T& sum) noexcept { return sum; }
    decltype(auto) combined(const T& carry, const T& sum) { return std::invoke(op_, carry, sum); }

    template <class Value>
    void place(std::size_t at, Value&& value) {
        ::new (static_cast<void*>(out_ + at)) T(std::forward<Value>(value));
    }

    const First first_;
    Op& op_;
    T* const out_;
    const blocks blocks_;
    std::vector<block_state> states_;
    std::atomic<std::size_t> front_ = 0; // all blocks before have been written
    std::size_t front_end_ = 0;          // where the first pass left it
    failed_block failed_;
};

} // namespace parmap::detail
