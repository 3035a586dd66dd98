// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <parmap/runtime/detail/pace.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <type_traits>

namespace parmap::detail {

/// What a call site remembers where its callable is a function, whose type does not tell which: of
/// each of the first few by itself, of all others together.
///
/// Complexity: one comparison for each function met with before. Threads: any.
template <class Function>
class function_memory {
public:
    static constexpr std::size_t places = 8;

    /// The memory of one function. Nothing is ever given to another, since calls may be using it.
    [[nodiscard]] site_memory& of(Function* function) noexcept {
        place& first = places_.front();
        return first.function.load(std::memory_order_relaxed) == function ? first.memory
                                                                          : search(function);
    }

private:
    struct place {
        std::atomic<Function*> function = nullptr;
        site_memory memory;
    };

    // Apart, since most sites call one function.
    [[gnu::noinline]] site_memory& search(Function* function) noexcept {
        for (place& each : places_) {
            Function* met = each.function.load(std::memory_order_relaxed);
            if (met == nullptr)
                each.function.compare_exchange_strong(met, function, std::memory_order_relaxed);
            if (met == nullptr || met == function)
                return each.memory;
        }
        return others_;
    }

    std::array<place, places> places_{};
    site_memory others_;
};

template <class Site, class Function>
inline constinit function_memory<Function> functions_of{};

/// The memory of a call site for a callable: of that function alone, if it is one.
template <class Site, class F>
[[nodiscard]] site_memory& memory_for([[maybe_unused]] F& f) noexcept {
    using function = std::remove_pointer_t<std::remove_cv_t<F>>;
    if constexpr (std::is_function_v<function>) {
        return functions_of<Site, function>.of(f);
    } else {
        return memory_of<Site>;
    }
}

} // namespace parmap::detail
