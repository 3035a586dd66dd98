// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace parmap::detail {

/// What may outlive the pool that made it.
class retirable {
protected:
    retirable() = default;
    ~retirable() = default;

private:
    friend class retired_teams;

    std::shared_ptr<retirable> kept_; // itself, while it is retired
    retirable* next_ = nullptr;
};

/// Teams whose pool is gone and whose last visits have not ended: a visit that the process never
/// gets round to is no leak.
class retired_teams {
public:
    void add(std::shared_ptr<retirable> team) noexcept {
        const std::lock_guard lock(mutex_);
        team->next_ = std::exchange(first_, team.get());
        retirable& added = *team;
        added.kept_ = std::move(team);
    }

    /// The caller holds another reference.
    void remove(retirable& team) noexcept {
        const std::lock_guard lock(mutex_);
        retirable** at = &first_;
        while (*at != &team)
            at = &(*at)->next_;
        *at = team.next_;
        team.kept_.reset();
    }

    // Never destroyed: visits may still end while the process exits.
    static retired_teams& of_process() {
        static retired_teams& teams = *new retired_teams;
        return teams;
    }

private:
    std::mutex mutex_;
    retirable* first_ = nullptr;
};

} // namespace parmap::detail
