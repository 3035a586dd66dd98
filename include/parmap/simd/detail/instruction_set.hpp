// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace parmap::detail {

// From the least to the best; a CPU has those before neon, or scalar and neon.
enum class instruction_set : unsigned char { scalar, sse2, avx2, avx512, neon };

inline constexpr std::array<std::string_view, 5> instruction_set_names = {"scalar", "sse2", "avx2",
                                                                          "avx512", "neon"};

// What the CPU and its operating system support, of what kernels are written for.
struct cpu_features {
    bool sse2 = false;
    bool avx2 = false;
    bool fma = false;
    bool avx512f = false;
    bool neon = false;
};

template <std::uint64_t Build>
cpu_features detect_cpu() {
    cpu_features cpu;
#if defined(__x86_64__) && defined(__GNUC__)
    __builtin_cpu_init(); // a static object's constructor may be the caller
    cpu.sse2 = true;      // x86-64 has it by definition
    cpu.avx2 = __builtin_cpu_supports("avx2") != 0;
    cpu.fma = __builtin_cpu_supports("fma") != 0;
    cpu.avx512f = __builtin_cpu_supports("avx512f") != 0;
#elif defined(__aarch64__) && defined(__ARM_NEON) && defined(__GNUC__)
    cpu.neon = true; // or the unit would not have been compiled for it
#endif
    return cpu;
}

template <std::uint64_t Build>
bool is_usable(instruction_set set, const cpu_features& cpu) {
    switch (set) {
    case instruction_set::scalar:
        return true;
    case instruction_set::sse2:
        return cpu.sse2;
    case instruction_set::avx2:
        return cpu.avx2 && cpu.fma;
    case instruction_set::avx512:
        return cpu.avx512f;
    case instruction_set::neon:
        return cpu.neon;
    }
    return false;
}

template <std::uint64_t Build>
[[noreturn]] void refuse_instruction_set(std::string_view wanted, const cpu_features& cpu) {
    bool known = false;
    std::string choices;
    for (std::size_t i = 0; i < instruction_set_names.size(); ++i) {
        const auto name = instruction_set_names[i];
        known = known || name == wanted;
        if (!is_usable<Build>(static_cast<instruction_set>(i), cpu))
            continue;
        choices.append(choices.empty() ? "" : ", ").append(name.data(), name.size());
    }
    std::string message = "PARMAP_SIMD=\"";
    message.append(wanted.data(), wanted.size());
    message.append(known ? "\" is not available on this machine" : "\" is not an instruction set");
    message.append("; the choices are: ").append(choices);
    throw std::invalid_argument(message);
}

// The best usable set, or the one that PARMAP_SIMD holds; nullptr and "" stand for nothing wanted.
template <std::uint64_t Build>
instruction_set choose_instruction_set(const cpu_features& cpu, const char* wanted) {
    const std::string_view name = wanted == nullptr ? "" : wanted;
    auto best = instruction_set::scalar;
    for (std::size_t i = 0; i < instruction_set_names.size(); ++i) {
        const auto set = static_cast<instruction_set>(i);
        if (!is_usable<Build>(set, cpu))
            continue;
        if (instruction_set_names[i] == name)
            return set;
        best = set;
    }
    if (!name.empty())
        refuse_instruction_set<Build>(name, cpu);
    return best;
}

} // namespace parmap::detail
