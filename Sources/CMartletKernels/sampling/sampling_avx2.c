#if defined(__x86_64__)
#include "sampling_kernels.h"

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

// The vector at `i` of a row of `count`; lanes past its end are minus infinity.
static inline __m256 load_f32(const float *x, size_t i, size_t count) {
    if (count - i >= 8) return _mm256_loadu_ps(x + i);
    const __m256i at = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i lanes = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)(count - i)), at);
    return _mm256_blendv_ps(
        _mm256_set1_ps(-INFINITY), _mm256_maskload_ps(x + i, lanes), _mm256_castsi256_ps(lanes));
}

static inline double sum_f32(__m256 v) {
    __m256d sum = _mm256_add_pd(
        _mm256_cvtps_pd(_mm256_castps256_ps128(v)), _mm256_cvtps_pd(_mm256_extractf128_ps(v, 1)));
    __m128d pair = _mm_add_pd(_mm256_castpd256_pd128(sum), _mm256_extractf128_pd(sum, 1));
    return _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)));
}

// max(x, m) returns m where x is NaN, so the accumulator stands second.
static float maximum_f32(const float *x, size_t count) {
    __m256 m0 = _mm256_set1_ps(-INFINITY), m1 = m0, m2 = m0, m3 = m0;
    size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        m0 = _mm256_max_ps(_mm256_loadu_ps(x + i), m0);
        m1 = _mm256_max_ps(_mm256_loadu_ps(x + i + 8), m1);
        m2 = _mm256_max_ps(_mm256_loadu_ps(x + i + 16), m2);
        m3 = _mm256_max_ps(_mm256_loadu_ps(x + i + 24), m3);
    }
    for (; i < count; i += 8) m0 = _mm256_max_ps(load_f32(x, i, count), m0);
    float lanes[8], maximum = -INFINITY;
    _mm256_storeu_ps(lanes, _mm256_max_ps(_mm256_max_ps(m0, m1), _mm256_max_ps(m2, m3)));
    for (int lane = 0; lane < 8; lane++) maximum = lanes[lane] > maximum ? lanes[lane] : maximum;
    return maximum;
}

// The row's maximum, then where it first stands: the second walk ends early and finds the row in
// the cache.
static size_t argmax_f32(const float *x, size_t count) {
    float maximum = maximum_f32(x, count);
    if (maximum == -INFINITY) return 0;
    const __m256 sought = _mm256_set1_ps(maximum);
    for (size_t i = 0; i < count; i += 8) {
        __m256 equal = _mm256_cmp_ps(load_f32(x, i, count), sought, _CMP_EQ_OQ);
        int found = _mm256_movemask_ps(equal);
        if (found) return i + (size_t)__builtin_ctz((unsigned)found);
    }
    return 0;
}

static size_t rank_f32(const float *x, size_t count, float value) {
    const __m256 pivot = _mm256_set1_ps(value);
    __m256i totals = _mm256_setzero_si256();
    size_t i = 0, rank = 0;
    for (; i + 8 <= count; i += 8) {
        __m256 least = _mm256_cmp_ps(_mm256_loadu_ps(x + i), pivot, _CMP_GE_OQ);
        totals = _mm256_sub_epi32(totals, _mm256_castps_si256(least));
    }
    uint32_t lanes[8];
    _mm256_storeu_si256((__m256i *)lanes, totals);
    for (int lane = 0; lane < 8; lane++) rank += lanes[lane];
    for (; i < count; i++) rank += x[i] >= value;
    return rank;
}

static void mask_f32(float *x, size_t count, const uint32_t *words) {
    const __m256i bit = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
    const __m256 masked = _mm256_set1_ps(-INFINITY);
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256i word = _mm256_set1_epi32((int)(words[i / 32] >> (i % 32)));
        __m256i allowed = _mm256_cmpeq_epi32(_mm256_and_si256(word, bit), bit);
        __m256 v = _mm256_blendv_ps(masked, _mm256_loadu_ps(x + i), _mm256_castsi256_ps(allowed));
        _mm256_storeu_ps(x + i, v);
    }
    for (; i < count; i++)
        if (!(words[i / 32] >> (i % 32) & 1)) x[i] = -INFINITY;
}

// exp of exponents at most 0; lanes below the floor, and NaN, give 0.
static inline __m256 exp_lanes(__m256 exponent) {
    __m256 normal = _mm256_cmp_ps(exponent, _mm256_set1_ps(MARTLET_EXP_FLOOR), _CMP_GE_OQ);
    exponent = _mm256_and_ps(exponent, normal);
    __m256 n = _mm256_round_ps(
        _mm256_mul_ps(exponent, _mm256_set1_ps(MARTLET_LOG2E)),
        _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 r = _mm256_fnmadd_ps(n, _mm256_set1_ps(MARTLET_LN2_HIGH), exponent);
    r = _mm256_fnmadd_ps(n, _mm256_set1_ps(MARTLET_LN2_LOW), r);
    __m256 p = _mm256_set1_ps(MARTLET_EXP_P0);
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(MARTLET_EXP_P1));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(MARTLET_EXP_P2));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(MARTLET_EXP_P3));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(MARTLET_EXP_P4));
    p = _mm256_fmadd_ps(p, r, _mm256_set1_ps(MARTLET_EXP_P5));
    p = _mm256_fmadd_ps(p, _mm256_mul_ps(r, r), r);
    __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    __m256 power = _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
    return _mm256_and_ps(_mm256_mul_ps(_mm256_add_ps(p, _mm256_set1_ps(1)), power), normal);
}

// min(FLT_MAX, x) returns x where it is NaN, and NaN becomes weight 0 in exp_lanes.
static inline __m256 weights_f32(__m256 v, __m256 maximum, __m256 scale) {
    __m256 finite = _mm256_min_ps(_mm256_set1_ps(FLT_MAX), v);
    return exp_lanes(_mm256_mul_ps(_mm256_sub_ps(finite, maximum), scale));
}

static void exponentials_f32(
    const float *x, size_t count, float maximum, float scale, float *weights, double *block_sums
) {
    const __m256 top = _mm256_set1_ps(maximum > FLT_MAX ? FLT_MAX : maximum);
    const __m256 factor = _mm256_set1_ps(scale);
    for (size_t start = 0; start < count; start += MARTLET_SAMPLING_BLOCK) {
        size_t end = martlet_block_end(start, count), i = start;
        __m256 s0 = _mm256_setzero_ps(), s1 = s0;
        for (; i + 16 <= end; i += 16) {
            __m256 w0 = weights_f32(_mm256_loadu_ps(x + i), top, factor);
            __m256 w1 = weights_f32(_mm256_loadu_ps(x + i + 8), top, factor);
            if (weights) {
                _mm256_storeu_ps(weights + i, w0);
                _mm256_storeu_ps(weights + i + 8, w1);
            }
            s0 = _mm256_add_ps(s0, w0);
            s1 = _mm256_add_ps(s1, w1);
        }
        for (; i < end; i += 8) {
            float lanes[8];
            __m256 w0 = weights_f32(load_f32(x, i, end), top, factor);
            _mm256_storeu_ps(lanes, w0);
            if (weights) memcpy(weights + i, lanes, (end - i < 8 ? end - i : 8) * sizeof(float));
            s0 = _mm256_add_ps(s0, w0);
        }
        block_sums[start / MARTLET_SAMPLING_BLOCK] = sum_f32(_mm256_add_ps(s0, s1));
    }
}

static void counts_f32(const float *x, size_t count, const float *pivots, double *counts) {
    __m256i totals[MARTLET_SAMPLING_PIVOTS];
    for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) totals[j] = _mm256_setzero_si256();
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256 v = _mm256_loadu_ps(x + i);
#pragma clang loop unroll(full)
        for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) {
            __m256 least = _mm256_cmp_ps(v, _mm256_broadcast_ss(pivots + j), _CMP_GE_OQ);
            totals[j] = _mm256_sub_epi32(totals[j], _mm256_castps_si256(least));
        }
    }
    for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) {
        uint32_t lanes[8], total = 0;
        _mm256_storeu_si256((__m256i *)lanes, totals[j]);
        for (int lane = 0; lane < 8; lane++) total += lanes[lane];
        for (size_t k = i; k < count; k++) total += x[k] >= pivots[j];
        counts[j] = total;
    }
}

static void masses_f32(const float *x, size_t count, const float *pivots, double *masses) {
    for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) masses[j] = 0;
    for (size_t start = 0; start < count; start += MARTLET_SAMPLING_BLOCK) {
        size_t end = martlet_block_end(start, count), i = start;
        __m256 totals[MARTLET_SAMPLING_PIVOTS];
        for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) totals[j] = _mm256_setzero_ps();
        for (; i + 8 <= end; i += 8) {
            __m256 v = _mm256_loadu_ps(x + i);
#pragma clang loop unroll(full)
            for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) {
                __m256 least = _mm256_cmp_ps(v, _mm256_broadcast_ss(pivots + j), _CMP_GE_OQ);
                totals[j] = _mm256_add_ps(totals[j], _mm256_and_ps(least, v));
            }
        }
        for (int j = 0; j < MARTLET_SAMPLING_PIVOTS; j++) {
            masses[j] += sum_f32(totals[j]);
            for (size_t k = i; k < end; k++) masses[j] += x[k] >= pivots[j] ? x[k] : 0;
        }
    }
}

// One or two elements of a vector are found by their bits. Where there are more, every lane is
// written and the end moved by what counts: how many bits come cannot be predicted.
static size_t collect_f32(
    const float *x, size_t count, float low, float high, float *values, int32_t *indices
) {
    const __m256 least = _mm256_set1_ps(low), bound = _mm256_set1_ps(high);
    size_t kept = 0;
    for (size_t i = 0; i < count; i += 8) {
        __m256 v = load_f32(x, i, count);
        unsigned inside = (unsigned)_mm256_movemask_ps(_mm256_and_ps(
            _mm256_cmp_ps(v, least, _CMP_GE_OQ), _mm256_cmp_ps(v, bound, _CMP_LT_OQ)));
        size_t end = count - i < 8 ? count : i + 8;
        if (end - i < 8) inside &= (1u << (end - i)) - 1;
        unsigned second = inside & (inside - 1);
        if (second & (second - 1)) {
            for (size_t at = i; at < end; at++, inside >>= 1) {
                values[kept] = x[at];
                if (indices) indices[kept] = (int32_t)at;
                kept += inside & 1;
            }
            continue;
        }
        for (; inside; inside &= inside - 1) {
            size_t at = i + (size_t)__builtin_ctz(inside);
            values[kept] = x[at];
            if (indices) indices[kept] = (int32_t)at;
            kept++;
        }
    }
    return kept;
}

static size_t top_f32(
    const float *x, size_t count, size_t limit, float *values, int32_t *indices
) {
    martlet_top_list list = martlet_top_list_make(values, indices, limit);
    for (size_t i = 0; i < count; i += 8) {
        __m256 v = load_f32(x, i, count);
        __m256 threshold = _mm256_set1_ps(list.threshold);
        unsigned above = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(v, threshold, _CMP_GT_OQ));
        for (; above; above &= above - 1) {
            size_t at = i + (size_t)__builtin_ctz(above);
            martlet_top_list_insert(&list, x[at], (int32_t)at);
        }
    }
    return list.count;
}

const martlet_sampling_kernels martlet_sampling_avx2 = {
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
