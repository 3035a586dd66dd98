// SPDX-License-Identifier: Apache-2.0
#pragma once

// Written by scripts/derive-kernels; change scripts/derive-kernels.sollya instead.

namespace parmap::detail {

struct expm1_f64 {
    static constexpr double log2_e = 0x1.71547652b82fep0;
    static constexpr double ln2_high = 0x1.62e42fefa38p-1;
    static constexpr double ln2_low = 0x1.ef35793c7673p-45;
    static constexpr double to_integer = 0x1.80000000003fdp52;
    static constexpr double highest = 0x1.635318p8;
    static constexpr double lowest = -0x1.4p4;
    static constexpr double identity_below = 0x1p-54;
    static constexpr double c3 = 0x1.555555555555bp-3;
    static constexpr double c4 = 0x1.555555555555ap-5;
    static constexpr double c5 = 0x1.111111110ed9dp-7;
    static constexpr double c6 = 0x1.6c16c16c141ffp-10;
    static constexpr double c7 = 0x1.a01a01b31f5c3p-13;
    static constexpr double c8 = 0x1.a01a01b1c9643p-16;
    static constexpr double c9 = 0x1.71ddf0df66e0bp-19;
    static constexpr double c10 = 0x1.27e4c32ddc366p-22;
    static constexpr double c11 = 0x1.af6ad3581200ep-26;
    static constexpr double c12 = 0x1.1f991ca6cc0c9p-29;
};

} // namespace parmap::detail
