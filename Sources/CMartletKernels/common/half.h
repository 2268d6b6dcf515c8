#ifndef MARTLET_COMMON_HALF_H
#define MARTLET_COMMON_HALF_H

#include <stdint.h>
#include <string.h>

static inline uint32_t martlet_bits(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float martlet_from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float martlet_bf16_to_f32(uint16_t value) {
    return martlet_from_bits((uint32_t)value << 16);
}

// Nearest even; a NaN stays a NaN (made quiet, so that truncation cannot turn it into infinity).
// Without branches, so that loops over it vectorise.
static inline uint16_t martlet_f32_to_bf16(float value) {
    uint32_t bits = martlet_bits(value);
    uint32_t rounded = bits + 0x7fff + (bits >> 16 & 1);
    uint32_t quiet = bits | 0x400000;
    return (uint16_t)(((bits & 0x7fffffff) > 0x7f800000 ? quiet : rounded) >> 16);
}

// Moves exponent and mantissa into place and lets one exact multiplication correct the exponent
// bias, subnormals included; only infinity and NaN need their exponent set by hand.
static inline float martlet_f16_to_f32(uint16_t value) {
    uint32_t sign = (uint32_t)(value & 0x8000) << 16;
    uint32_t rest = (uint32_t)(value & 0x7fff) << 13;
    uint32_t magnitude = (value & 0x7c00) == 0x7c00
        ? (rest | 0x7f800000)
        : martlet_bits(martlet_from_bits(rest) * 0x1p112f);
    return martlet_from_bits(sign | magnitude);
}

// Nearest even. Below the smallest normal half, adding 0.5 lets the adder round at 2^-24.
static inline uint16_t martlet_f32_to_f16(float value) {
    uint32_t bits = martlet_bits(value);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    bits &= 0x7fffffff;
    if (bits > 0x7f800000) return (uint16_t)(sign | 0x7e00);
    if (bits >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
    if (bits < 0x38800000) {
        uint32_t rounded = martlet_bits(martlet_from_bits(bits) + 0.5f) - 0x3f000000;
        return (uint16_t)(sign | rounded);
    }
    bits += 0xfff + (bits >> 13 & 1);
    return (uint16_t)(sign | (bits - 0x38000000) >> 13);
}

#endif
