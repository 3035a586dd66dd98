// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace parmap_test {

/// What has happened to all `counted` objects since the last reset.
struct tally {
    std::atomic<long> made = 0;      ///< constructed, by moves too
    std::atomic<long> destroyed = 0; ///< destructors run
    std::atomic<long> moves = 0;     ///< constructed by a move
    std::atomic<long> broken = 0;    ///< destroyed twice, never constructed or moved bytewise
    std::atomic<long> most_live = 0; ///< the highest number alive at any time

    long live() const { return made - destroyed; }
    bool balanced() const { return live() == 0 && broken == 0; }
    void reset() { made = destroyed = moves = broken = most_live = 0; }
};

inline tally counts;

/// A move-only number without a default that counts its births and deaths, and notices when a
/// destructor runs on something that is not, or no longer, an object.
class counted {
public:
    explicit counted(long value) : value_(value), self_(this) { born(); }
    counted(counted&& other) noexcept : value_(other.value_), self_(this) {
        other.value_ = -1;
        ++counts.moves;
        born();
    }
    counted& operator=(counted&& other) noexcept {
        value_ = other.value_;
        other.value_ = -1;
        return *this;
    }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() {
        if (self_ != this) {
            ++counts.broken;
        }
        self_ = nullptr;
        ++counts.destroyed;
    }

    long value() const { return value_; }

private:
    static void born() {
        ++counts.made;
        const long now = counts.live();
        long most = counts.most_live;
        while (now > most && !counts.most_live.compare_exchange_weak(most, now)) {
        }
    }

    long value_;
    const counted* volatile self_; // volatile: the store in the destructor must stay
};

} // namespace parmap_test
