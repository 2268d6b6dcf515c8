#if defined(__x86_64__)
#include "sampling_kernels.h"

#include <immintrin.h>

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)

// The lanes of the vector at `i` that lie in the row.
static inline __mmask16 lanes_f32(size_t i, size_t count) {
    return count - i >= 16 ? (__mmask16)0xFFFF : (__mmask16)((1u << (count - i)) - 1);
}

// A vector of the row; lanes past its end are minus infinity. Masked loads are kept to the end of a
// row: rows that come from memory stream several times faster through plain ones.
static inline __m512 load_f32(const float *x, size_t i, size_t count) {
    if (count - i >= 16) return _mm512_loadu_ps(x + i);
    return _mm512_mask_loadu_ps(_mm512_set1_ps(-INFINITY), lanes_f32(i, count), x + i);
}

static inline double sum_f32(__m512 v) {
    __m512d low = _mm512_cvtps_pd(_mm512_castps512_ps256(v));
    __m512d high = _mm512_cvtps_pd(_mm512_extractf32x8_ps(v, 1));
    return _mm512_reduce_add_pd(_mm512_add_pd(low, high));
}

// max(x, m) returns m where x is NaN, so the accumulator stands second.
static float maximum_f32(const float *x, size_t count) {
    __m512 m0 = _mm512_set1_ps(-INFINITY), m1 = m0, m2 = m0, m3 = m0;
    size_t i = 0;
    for (; i + 64 <= count; i += 64) {
        m0 = _mm512_max_ps(_mm512_loadu_ps(x + i), m0);
        m1 = _mm512_max_ps(_mm512_loadu_ps(x + i + 16), m1);
        m2 = _mm512_max_ps(_mm512_loadu_ps(x + i + 32), m2);
        m3 = _mm512_max_ps(_mm512_loadu_ps(x + i + 48), m3);
    }
    for (; i < count; i += 16) m0 = _mm512_max_ps(load_f32(x, i, count), m0);
    return _mm512_reduce_max_ps(_mm512_max_ps(_mm512_max_ps(m0, m1), _mm512_max_ps(m2, m3)));
}

// The row's maximum, then where it first stands: the second walk ends early and finds the row in
// the cache.
static size_t argmax_f32(const float *x, size_t count) {
    float maximum = maximum_f32(x, count);
    if (maximum == -INFINITY) return 0;
    const __m512 sought = _mm512_set1_ps(maximum);
    for (size_t i = 0; i < count; i += 16) {
        unsigned found = _mm512_cmp_ps_mask(load_f32(x, i, count), sought, _CMP_EQ_OQ);
        if (found) return i + (size_t)__builtin_ctz(found);
    }
    return 0;
}

static size_t rank_f32(const float *x, size_t count, float value) {
    const __m512 pivot = _mm512_set1_ps(value);
    __m512i totals = _mm512_setzero_si512();
    for (size_t i = 0; i < count; i += 16) {
        __mmask16 least = _mm512_cmp_ps_mask(load_f32(x, i, count), pivot, _CMP_GE_OQ);
        least &= lanes_f32(i, count);
        totals = _mm512_mask_sub_epi32(totals, least, totals, _mm512_set1_epi32(-1));
    }
    return (size_t)_mm512_reduce_add_epi32(totals);
}

static void mask_f32(float *x, size_t count, const uint32_t *words) {
    const __m512 masked = _mm512_set1_ps(-INFINITY);
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __mmask16 allowed = (__mmask16)(words[i / 32] >> (i % 32));
        _mm512_storeu_ps(x + i, _mm512_mask_mov_ps(masked, allowed, _mm512_loadu_ps(x + i)));
    }
    if (i == count) return;
    __mmask16 allowed = (__mmask16)(words[i / 32] >> (i % 32));
    _mm512_mask_storeu_ps(x + i, lanes_f32(i, count) & ~allowed, masked);
}

// exp of exponents at most 0; lanes below the floor, and NaN, give 0.
static inline __m512 exp_lanes(__m512 exponent) {
    __mmask16 normal =
        _mm512_cmp_ps_mask(exponent, _mm512_set1_ps(MARTLET_EXP_FLOOR), _CMP_GE_OQ);
    __m512 n = _mm512_roundscale_ps(
        _mm512_mul_ps(exponent, _mm512_set1_ps(MARTLET_LOG2E)),
        _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(MARTLET_LN2_HIGH), exponent);
    r = _mm512_fnmadd_ps(n, _mm512_set1_ps(MARTLET_LN2_LOW), r);
    __m512 p = _mm512_set1_ps(MARTLET_EXP_P0);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(MARTLET_EXP_P1));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(MARTLET_EXP_P2));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(MARTLET_EXP_P3));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(MARTLET_EXP_P4));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(MARTLET_EXP_P5));
    p = _mm512_fmadd_ps(p, _mm512_mul_ps(r, r), r);
    return _mm512_maskz_scalef_ps(normal, _mm512_add_ps(p, _mm512_set1_ps(1)), n);
}

// min(FLT_MAX, x) returns x where it is NaN, and NaN becomes weight 0 in exp_lanes.
static inline __m512 weights_f32(__m512 v, __m512 maximum, __m512 scale) {
    __m512 finite = _mm512_min_ps(_mm512_set1_ps(FLT_MAX), v);
    return exp_lanes(_mm512_mul_ps(_mm512_sub_ps(finite, maximum), scale));
}

static void exponentials_f32(
    const float *x, size_t count, float maximum, float scale, float *weights, double *block_sums
) {
    const __m512 top = _mm512_set1_ps(maximum > FLT_MAX ? FLT_MAX : maximum);
    const __m512 factor = _mm512_set1_ps(scale);
    for (size_t start = 0; start < count; start += MARTLET_SAMPLING_BLOCK) {
        size_t end = martlet_block_end(start, count), i = start;
        __m512 s0 = _mm512_setzero_ps(), s1 = s0;
        for (; i + 32 <= end; i += 32) {
            __m512 w0 = weights_f32(_mm512_loadu_ps(x + i), top, factor);
            __m512 w1 = weights_f32(_mm512_loadu_ps(x + i + 16), top, factor);
            if (weights) {
                _mm512_storeu_ps(weights + i, w0);
                _mm512_storeu_ps(weights + i + 16, w1);
            }
            s0 = _mm512_add_ps(s0, w0);
            s1 = _mm512_add_ps(s1, w1);
        }
        for (; i < end; i += 16) {
            __m512 w0 = weights_f32(load_f32(x, i, end), top, factor);
            if (weights) _mm512_mask_storeu_ps(weights + i, lanes_f32(i, end), w0);
            s0 = _mm512_add_ps(s0, w0);
        }
        block_sums[start / MARTLET_SAMPLING_BLOCK] = sum_f32(_mm512_add_ps(s0, s1));
    }
}

static void counts_f32(const float *x, size_t count, const float *pivots, double *counts) {
    __m512i totals[MARTLET_SAMPLING_PIVOTS];
    __m512 pivot[MARTLET_SAMPLING_PIVOTS];
    for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) {
        totals[j] = _mm512_setzero_si512();
        pivot[j] = _mm512_set1_ps(pivots[j]);
    }
    const __m512i minus_one = _mm512_set1_epi32(-1);
    for (size_t i = 0; i < count; i += 16) {
        __m512 v = load_f32(x, i, count);
        __mmask16 lanes = lanes_f32(i, count);
#pragma clang loop unroll(full)
        for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) {
            __mmask16 least = _mm512_mask_cmp_ps_mask(lanes, v, pivot[j], _CMP_GE_OQ);
            totals[j] = _mm512_mask_sub_epi32(totals[j], least, totals[j], minus_one);
        }
    }
    for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++)
        counts[j] = _mm512_reduce_add_epi32(totals[j]);
}

static void masses_f32(const float *x, size_t count, const float *pivots, double *masses) {
    __m512 pivot[MARTLET_SAMPLING_PIVOTS];
    for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) {
        pivot[j] = _mm512_set1_ps(pivots[j]);
        masses[j] = 0;
    }
    for (size_t start = 0; start < count; start += MARTLET_SAMPLING_BLOCK) {
        size_t end = martlet_block_end(start, count);
        __m512 totals[MARTLET_SAMPLING_PIVOTS];
        for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) totals[j] = _mm512_setzero_ps();
        for (size_t i = start; i < end; i += 16) {
            __m512 v = load_f32(x, i, end);
            __mmask16 lanes = lanes_f32(i, end);
#pragma clang loop unroll(full)
            for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) {
                __mmask16 least = _mm512_mask_cmp_ps_mask(lanes, v, pivot[j], _CMP_GE_OQ);
                totals[j] = _mm512_mask_add_ps(totals[j], least, totals[j], v);
            }
        }
        for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) masses[j] += sum_f32(totals[j]);
    }
}

// Compressing into registers and storing whole vectors is faster than compressing into memory; the
// store ends at or before the end of what has been read, so `values` may be `x`.
static size_t collect_f32(
    const float *x, size_t count, float low, float high, float *values, int32_t *indices
) {
    const __m512 least = _mm512_set1_ps(low), bound = _mm512_set1_ps(high);
    const __m512i step = _mm512_set1_epi32(16);
    __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    size_t kept = 0;
    for (size_t i = 0; i < count; i += 16, at = _mm512_add_epi32(at, step)) {
        __m512 v = load_f32(x, i, count);
        __mmask16 lanes = lanes_f32(i, count);
        __mmask16 inside = _mm512_mask_cmp_ps_mask(lanes, v, least, _CMP_GE_OQ);
        inside = _mm512_mask_cmp_ps_mask(inside, v, bound, _CMP_LT_OQ);
        if (!inside) continue;
        _mm512_mask_storeu_ps(values + kept, lanes, _mm512_maskz_compress_ps(inside, v));
        if (indices)
            _mm512_mask_storeu_epi32(
                indices + kept, lanes, _mm512_maskz_compress_epi32(inside, at));
        kept += (size_t)__builtin_popcount(inside);
    }
    return kept;
}

static void top_insert(
    martlet_top_list *list, const float *x, size_t i, size_t count, __m512 threshold
) {
    __m512 v = load_f32(x, i, count);
    __mmask16 lanes = lanes_f32(i, count);
    unsigned above = _mm512_mask_cmp_ps_mask(lanes, v, threshold, _CMP_GT_OQ);
    for (; above; above &= above - 1) {
        size_t at = i + (size_t)__builtin_ctz(above);
        martlet_top_list_insert(list, x[at], (int32_t)at);
    }
}

static size_t top_f32(
    const float *x, size_t count, size_t limit, float *values, int32_t *indices
) {
    martlet_top_list list = martlet_top_list_make(values, indices, limit);
    size_t i = 0;
    for (; i + 64 <= count; i += 64) {
        __m512 threshold = _mm512_set1_ps(list.threshold);
        __m512 a = _mm512_max_ps(_mm512_loadu_ps(x + i), threshold);
        __m512 b = _mm512_max_ps(_mm512_loadu_ps(x + i + 16), threshold);
        __m512 c = _mm512_max_ps(_mm512_loadu_ps(x + i + 32), a);
        __m512 d = _mm512_max_ps(_mm512_loadu_ps(x + i + 48), b);
        if (!_mm512_cmp_ps_mask(_mm512_max_ps(c, d), threshold, _CMP_GT_OQ)) continue;
        for (size_t j = i; j < i + 64; j += 16) top_insert(&list, x, j, count, threshold);
    }
    for (; i < count; i += 16)
        top_insert(&list, x, i, count, _mm512_set1_ps(list.threshold));
    return list.count;
}

const martlet_sampling_kernels martlet_sampling_avx512 = {
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

#pragma clang attribute pop
#endif
