#ifndef MARTLET_SAMPLING_H
#define MARTLET_SAMPLING_H

#include "martlet_types.h"

#pragma clang assume_nonnull begin

/// Weights are summed in blocks of this many: fp32 within a block, double across blocks, so that
/// the rounding error of a sum does not grow with the vocabulary.
#define MARTLET_SAMPLING_BLOCK 1024

/// How many pivots one pass of a threshold search compares with.
#define MARTLET_SAMPLING_PIVOTS 8

/// Choose a token from one row of logits: every member walks the row once, from index 0 up, and
/// none sorts it. NaN counts as minus infinity, and plus infinity as the largest finite float
/// where differences are taken. Rows need no alignment and are shorter than 2^31.
typedef struct martlet_sampling_kernels {
    /// The largest element; minus infinity for an empty row.
    float (*maximum)(const float *x, size_t count);
    /// The lowest index of the largest element; 0 where nothing is above minus infinity.
    size_t (*argmax)(const float *x, size_t count);
    /// How many elements are at least `value`.
    size_t (*rank)(const float *x, size_t count, float value);
    /// x[i] = minus infinity where bit i % 32 of words[i / 32] is 0.
    void (*mask)(float *x, size_t count, const uint32_t *words);
    /// weights[i] = exp((x[i] - maximum) * scale), 0 below the smallest normal float; block_sums[b]
    /// is the sum of block b. `maximum` is the row's, above minus infinity. `weights` may be `x`.
    void (*exponentials)(
        const float *x, size_t count, float maximum, float scale, float *_Nullable weights,
        double *block_sums);
    /// counts[j] = how many elements are at least pivots[j].
    void (*counts)(const float *x, size_t count, const float *pivots, double *counts);
    /// masses[j] = the sum of the elements that are at least pivots[j].
    void (*masses)(const float *x, size_t count, const float *pivots, double *masses);
    /// Writes the elements with low <= x[i] < high, and their indices unless `indices` is null, in
    /// order; returns how many. `values` may be `x`; both outputs have room for `count` elements.
    size_t (*collect)(
        const float *x, size_t count, float low, float high, float *values,
        int32_t *_Nullable indices);
    /// Writes the `limit` largest elements above minus infinity and their indices, ordered by
    /// value downwards, then index upwards; returns how many. For small limits: the work is bounded
    /// by count * limit, and near count for rows in no particular order.
    size_t (*top)(const float *x, size_t count, size_t limit, float *values, int32_t *indices);
} martlet_sampling_kernels;

/// block_sums[b] = the sum of block b of x.
void martlet_sum_blocks(const float *x, size_t count, double *block_sums);

#pragma clang assume_nonnull end

#endif
