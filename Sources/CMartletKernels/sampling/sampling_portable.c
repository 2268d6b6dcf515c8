#include "sampling_kernels.h"

// The definition of every sampling kernel in plain C; comparisons are written so that NaN fails.

static float maximum_f32(const float *x, size_t count) {
    float maximum = -INFINITY;
    for (size_t i = 0; i < count; i++) maximum = x[i] > maximum ? x[i] : maximum;
    return maximum;
}

static size_t argmax_f32(const float *x, size_t count) {
    float maximum = -INFINITY;
    size_t index = 0;
    for (size_t i = 0; i < count; i++) {
        if (x[i] > maximum) {
            maximum = x[i];
            index = i;
        }
    }
    return index;
}

static size_t rank_f32(const float *x, size_t count, float value) {
    size_t rank = 0;
    for (size_t i = 0; i < count; i++) rank += x[i] >= value;
    return rank;
}

static void mask_f32(float *x, size_t count, const uint32_t *words) {
    for (size_t i = 0; i < count; i++) {
        if (!(words[i / 32] >> (i % 32) & 1)) x[i] = -INFINITY;
    }
}

static float weight_f32(float x, float maximum, float scale) {
    float finite = x > FLT_MAX ? FLT_MAX : x;
    float exponent = (finite - maximum) * scale;
    return exponent >= MARTLET_EXP_FLOOR ? expf(exponent) : 0;
}

static void exponentials_f32(
    const float *x, size_t count, float maximum, float scale, float *weights, double *block_sums
) {
    maximum = maximum > FLT_MAX ? FLT_MAX : maximum;
    for (size_t start = 0; start < count; start += MARTLET_SAMPLING_BLOCK) {
        size_t end = martlet_block_end(start, count);
        double sum = 0;
        for (size_t i = start; i < end; i++) {
            float weight = weight_f32(x[i], maximum, scale);
            if (weights) weights[i] = weight;
            sum += weight;
        }
        block_sums[start / MARTLET_SAMPLING_BLOCK] = sum;
    }
}

static void counts_f32(const float *x, size_t count, const float *pivots, double *counts) {
    uint32_t totals[MARTLET_SAMPLING_PIVOTS] = {0};
    for (size_t i = 0; i < count; i++)
        for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) totals[j] += x[i] >= pivots[j];
    for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) counts[j] = totals[j];
}

static void masses_f32(const float *x, size_t count, const float *pivots, double *masses) {
    double totals[MARTLET_SAMPLING_PIVOTS] = {0};
    for (size_t i = 0; i < count; i++)
        for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++)
            totals[j] += x[i] >= pivots[j] ? x[i] : 0;
    memcpy(masses, totals, sizeof totals);
}

static size_t collect_f32(
    const float *x, size_t count, float low, float high, float *values, int32_t *indices
) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        float value = x[i];
        values[kept] = value;
        if (indices) indices[kept] = (int32_t)i;
        kept += value >= low && value < high;
    }
    return kept;
}

static size_t top_f32(
    const float *x, size_t count, size_t limit, float *values, int32_t *indices
) {
    martlet_top_list list = martlet_top_list_make(values, indices, limit);
    for (size_t i = 0; i < count; i++) martlet_top_list_insert(&list, x[i], (int32_t)i);
    return list.count;
}

const martlet_sampling_kernels martlet_sampling_portable = {
    .maximum = maximum_f32,
    .argmax = argmax_f32,
    .rank = rank_f32,
    .mask = mask_f32,
    .exponentials = exponentials_f32,
    .counts = counts_f32,
    .masses = masses_f32,
    .collect = collect_f32,
    .top = top_f32,
};
