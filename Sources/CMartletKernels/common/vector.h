// Vectors of MARTLET_LANES fp32 lanes (16 with AVX-512, 8 with AVX2, else 4), from which the
// memory-bound ops are written once and compiled per instruction set. Each .c file defines
// MARTLET_LANES before it includes this.
#ifndef MARTLET_COMMON_VECTOR_H
#define MARTLET_COMMON_VECTOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float vf __attribute__((vector_size(MARTLET_LANES * 4)));
typedef int32_t vi __attribute__((vector_size(MARTLET_LANES * 4)));
typedef float vf_memory __attribute__((vector_size(MARTLET_LANES * 4), aligned(4), may_alias));

#define MARTLET_INLINE __attribute__((always_inline)) static inline

MARTLET_INLINE vf vector_load(const float *source) { return *(const vf_memory *)source; }

MARTLET_INLINE void vector_store(float *destination, vf value) {
    *(vf_memory *)destination = value;
}

/// Loads `count` lanes, the others zero.
MARTLET_INLINE vf vector_load_some(const float *source, size_t count) {
    float lanes[MARTLET_LANES] = {0};
    memcpy(lanes, source, count * sizeof(float));
    return vector_load(lanes);
}

MARTLET_INLINE void vector_store_some(float *destination, vf value, size_t count) {
    float lanes[MARTLET_LANES];
    vector_store(lanes, value);
    memcpy(destination, lanes, count * sizeof(float));
}

MARTLET_INLINE vf vector_of(float value) { return (vf){0} + value; }

/// Sums lanes pairwise, halves against halves: a fixed order.
MARTLET_INLINE float vector_sum(vf value) {
    float lanes[MARTLET_LANES];
    vector_store(lanes, value);
    for (size_t width = MARTLET_LANES / 2; width > 0; width /= 2) {
        for (size_t i = 0; i < width; i++) lanes[i] += lanes[i + width];
    }
    return lanes[0];
}

/// Picks `a` where the mask lane is all ones, `b` where it is zero.
MARTLET_INLINE vf vector_select(vi mask, vf a, vf b) {
    return (vf)((mask & (vi)a) | (~mask & (vi)b));
}

/// The larger of two; `b` where one is NaN.
MARTLET_INLINE vf vector_larger(vf a, vf b) { return vector_select(a > b, a, b); }

/// The largest lane; `value` holds no NaN.
MARTLET_INLINE float vector_maximum(vf value) {
    vf halves = value;
#if MARTLET_LANES == 16
    halves = vector_larger(
        halves, __builtin_shufflevector(
                    halves, halves, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    halves = vector_larger(
        halves, __builtin_shufflevector(
                    halves, halves, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    halves = vector_larger(
        halves, __builtin_shufflevector(
                    halves, halves, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
    halves = vector_larger(
        halves, __builtin_shufflevector(
                    halves, halves, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14));
#elif MARTLET_LANES == 8
    halves = vector_larger(
        halves, __builtin_shufflevector(halves, halves, 4, 5, 6, 7, 0, 1, 2, 3));
    halves = vector_larger(
        halves, __builtin_shufflevector(halves, halves, 2, 3, 0, 1, 6, 7, 4, 5));
    halves = vector_larger(
        halves, __builtin_shufflevector(halves, halves, 1, 0, 3, 2, 5, 4, 7, 6));
#else
    halves = vector_larger(halves, __builtin_shufflevector(halves, halves, 2, 3, 0, 1));
    halves = vector_larger(halves, __builtin_shufflevector(halves, halves, 1, 0, 3, 2));
#endif
    return halves[0];
}

/// 2^rest for rest in [-0.5, 0.5]: a degree-6 minimax polynomial (relative error 2.0e-9 before
/// rounding).
MARTLET_INLINE vf vector_series(vf rest) {
    vf series = vector_of(0x1.41fbbcp-13f);
    series = series * rest + 0x1.5f3e54p-10f;
    series = series * rest + 0x1.3b2d4cp-7f;
    series = series * rest + 0x1.c6aee8p-5f;
    series = series * rest + 0x1.ebfbdcp-3f;
    series = series * rest + 0x1.62e430p-1f;
    return series * rest + 1.0f;
}

/// 2^rest * 2^exponent for rest in [-0.5, 0.5]. The power is applied in two halves, since 2^128 has
/// no exponent field.
MARTLET_INLINE vf vector_scaled_series(vf rest, vi exponent) {
    vf series = vector_series(rest);
    vi half = exponent >> 1;
    return series * (vf)((half + 127) << 23) * (vf)((exponent - half + 127) << 23);
}

/// 2^x with relative error below 1.5e-7 for x in [-126, 128]; smaller arguments give 0, larger
/// ones infinity, NaN stays NaN.
MARTLET_INLINE vf vector_exp2(vf x) {
    const vf magic = vector_of(0x1.8p23f), top = vector_of(128.0f);
    vf clamped = vector_select(x > top, top, x);
    vf shifted = clamped + magic;
    vf result = vector_scaled_series(clamped - (shifted - magic), (vi)shifted - (vi)magic);
    result = vector_select(x > top, vector_of(__builtin_inff()), result);
    return vector_select(x < vector_of(-126.0f), vector_of(0), result);
}

/// 2^x with relative error below 1.5e-7 for x in [-125, 0]; smaller arguments give 0, NaN stays
/// NaN. `x` is at most a rounding error above 0, so the power needs one factor and no upper bound.
MARTLET_INLINE vf vector_exp2_of_negative(vf x) {
    const vf least = vector_of(-125.0f);
    // The sum's lowest bits hold the whole part, which a shift makes an exponent.
    vf shifted = vector_select(x < least, least, x) + 0x1.8p23f;
    vf rest = vector_select(x < least, least, x) - (shifted - 0x1.8p23f);
    vf power = (vf)(((vi)shifted + 127) << 23);
    return vector_select(x < least, vector_of(0), vector_series(rest) * power);
}

/// e^x with relative error below 2.5e-7 for x in [-87.3, 88.7]; beyond as `vector_exp2`. ln 2 is
/// subtracted in two parts, so that the error does not grow with |x|.
MARTLET_INLINE vf vector_exp(vf x) {
    const vf magic = vector_of(0x1.8p23f), top = vector_of(88.75f);
    vf clamped = vector_select(x > top, top, x);
    vf shifted = clamped * 0x1.715476p0f + magic;
    vf whole = shifted - magic;
    vf rest = clamped - whole * 0x1.62e4p-1f;
    rest = rest - whole * 0x1.7f7d1cp-20f;
    vf result = vector_scaled_series(rest * 0x1.715476p0f, (vi)shifted - (vi)magic);
    result = vector_select(x > top, vector_of(__builtin_inff()), result);
    return vector_select(x < vector_of(-87.3f), vector_of(0), result);
}

#endif
