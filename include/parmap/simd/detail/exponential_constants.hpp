// SPDX-License-Identifier: Apache-2.0
#pragma once

// Written by scripts/derive-kernels; change scripts/derive-kernels.sollya instead.

// clang-format off
namespace parmap::detail {

struct exponential_f64 {
    using scalar = double;
    static constexpr scalar log2_e = 0x1.71547652b82fep0;
    static constexpr scalar ln2_high = 0x1.62e42fefa38p-1;
    static constexpr scalar ln2_low = 0x1.ef35793c7673p-45;
    static constexpr scalar integer = 0x1.8p52;
    static constexpr scalar bias = 0x1.ff8p9;
    static constexpr scalar exp_highest = 0x1.63p9;
    static constexpr scalar exp_lowest = -0x1.74cp9;
    static constexpr scalar expm1_highest = 0x1.63p9;
    static constexpr scalar expm1_lowest = -0x1.4p5;
    static constexpr scalar sinh_highest = 0x1.636p9;
    static constexpr scalar exp_sinh_highest = 0x1.636p8;
    static constexpr scalar exp_sinh_lowest = -0x1.4p4;
    static constexpr scalar identity_below = 0x1p-54;
    static constexpr scalar least_square = 0x1p-200;
    static constexpr scalar k_of_both = 0x1.a8p6;
    static constexpr scalar exact[] = {
        0x1.555555555555bp-3,
        0x1.555555555555ap-5,
        0x1.111111110ed95p-7,
        0x1.6c16c16c141e4p-10,
        0x1.a01a01b3239e2p-13,
        0x1.a01a01b1d6f93p-16,
        0x1.71ddf0d3b8efp-19,
        0x1.27e4c30a20df3p-22,
        0x1.af6ae8201196dp-26,
        0x1.1f995a3c04286p-29,
    };
    static constexpr scalar quick[] = {
        0x1.555555555555cp-3,
        0x1.5555555553175p-5,
        0x1.111111110e6b9p-7,
        0x1.6c16c17cf0f6ep-10,
        0x1.a01a01b61e549p-13,
        0x1.a019aa9fbb92dp-16,
        0x1.71dde91d146bp-19,
        0x1.28a0148c094b5p-22,
        0x1.af78601cc56f3p-26,
    };
};

struct exponential_f32 {
    using scalar = float;
    static constexpr scalar log2_e = 0x1.715476p0F;
    static constexpr scalar ln2_high = 0x1.62e4p-1F;
    static constexpr scalar ln2_low = 0x1.7f7d1cp-20F;
    static constexpr scalar integer = 0x1.8p23F;
    static constexpr scalar bias = 0x1.fcp6F;
    static constexpr scalar exp_highest = 0x1.63ap6F;
    static constexpr scalar exp_lowest = -0x1.a148p6F;
    static constexpr scalar expm1_highest = 0x1.63ap6F;
    static constexpr scalar expm1_lowest = -0x1.38p4F;
    static constexpr scalar sinh_highest = 0x1.666p6F;
    static constexpr scalar exp_sinh_highest = 0x1.666p5F;
    static constexpr scalar exp_sinh_lowest = -0x1.38p3F;
    static constexpr scalar identity_below = 0x1p-25F;
    static constexpr scalar least_square = 0x1p-84F;
    static constexpr scalar k_of_both = 0x1.8p5F;
    static constexpr scalar exact[] = {
        0x1.555556p-3F,
        0x1.5554e8p-5F,
        0x1.110ff8p-7F,
        0x1.6d4cbp-10F,
        0x1.a25c12p-13F,
    };
    static constexpr scalar quick[] = {
        0x1.555492p-3F,
        0x1.5554cp-5F,
        0x1.12399p-7F,
        0x1.6d7a5ap-10F,
    };
};

} // namespace parmap::detail
