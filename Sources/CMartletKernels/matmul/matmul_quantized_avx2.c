#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#include "matmul_avx2.inc"

typedef __m256i integers;

MATMUL_INLINE integers integers_zero(void) { return _mm256_setzero_si256(); }

MATMUL_INLINE integers integers_broadcast(const uint8_t *source) {
    return _mm256_set1_epi32(*(const int *)source);
}

MATMUL_INLINE vector vector_of_integers(integers value) { return _mm256_cvtepi32_ps(value); }

MATMUL_INLINE vector vector_broadcast(const uint8_t *source) {
    return _mm256_broadcast_ss((const float *)source);
}

MATMUL_INLINE vector vector_load_halves(const uint8_t *source) {
    return _mm256_cvtph_ps(_mm_load_si128((const __m128i *)source));
}

MATMUL_INLINE vector vector_multiply(vector a, vector b) { return _mm256_mul_ps(a, b); }

MATMUL_INLINE vector vector_fused(vector a, vector b, vector c) {
    return _mm256_fmadd_ps(a, b, c);
}

/// Sums pairs of neighbouring int16.
MATMUL_INLINE __m256i sum_pairs(__m256i words) {
    return _mm256_madd_epi16(words, _mm256_set1_epi16(1));
}

// A product of a pair is at most 2 * 15 * 127, so eight of them fit an int16: 32 inputs.
MATMUL_INLINE void dot_group(
    integers sums[TILE_ROWS][8], size_t R, size_t C, const group_part *part) {
    const __m256i low_half = _mm256_set1_epi8(15);
    const uint8_t *nibbles = part->nibbles;
    for (size_t begin = 0; begin < part->inputs; begin += 32) {
        __m256i words[TILE_ROWS][8];
        for (size_t r = 0; r < R; r++) {
            for (size_t c = 0; c < C; c++) words[r][c] = _mm256_setzero_si256();
        }
        for (size_t k = begin; k < begin + 32; k += 8, nibbles += 256) {
            fetch_part(part, k);
            for (size_t half = 0; half < 2; half++) {
                __m256i numbers[8];
                for (size_t c = 0; c < C; c++) {
                    __m256i pairs = _mm256_load_si256((const __m256i *)(nibbles + c * 32));
                    if (half == 1) pairs = _mm256_srli_epi16(pairs, 4);
                    numbers[c] = _mm256_and_si256(pairs, low_half);
                }
                const uint8_t *activations = part->activations + k + half * 4;
                for (size_t r = 0; r < R; r++) {
                    __m256i x = integers_broadcast(activations + r * part->stride);
                    for (size_t c = 0; c < C; c++) {
                        __m256i products = _mm256_maddubs_epi16(numbers[c], x);
                        words[r][c] = _mm256_add_epi16(words[r][c], products);
                    }
                }
            }
        }
        for (size_t r = 0; r < R; r++) {
            for (size_t c = 0; c < C; c++) {
                sums[r][c] = _mm256_add_epi32(sums[r][c], sum_pairs(words[r][c]));
            }
        }
    }
}

// vpmaddubsw multiplies unsigned by signed numbers and saturates. With |x| as the unsigned ones,
// and the sign of x given to the weights, a pair's sum is at most 2 * 127 * 127 < 2^15: exact.
MATMUL_INLINE void step_int8(
    vector sums[TILE_ROWS][8], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    __m256i weights[8];
    for (size_t c = 0; c < C; c++) {
        weights[c] = _mm256_load_si256((const __m256i *)(panel + c * 32));
    }
    for (size_t r = 0; r < R; r++) {
        __m256i x = integers_broadcast(activations + r * stride);
        __m256i magnitude = _mm256_abs_epi8(x);
        for (size_t c = 0; c < C; c++) {
            __m256i products
                = _mm256_maddubs_epi16(magnitude, _mm256_sign_epi8(weights[c], x));
            __m256i sum = _mm256_castps_si256(sums[r][c]);
            sums[r][c] = _mm256_castsi256_ps(_mm256_add_epi32(sum, sum_pairs(products)));
        }
    }
}

static void finish_int8(
    const martlet_matmul_call *call, const float *sums, size_t row, size_t panel) {
    const uint8_t *record = (const uint8_t *)call->activations + row * call->activation_stride;
    const uint8_t *tail = martlet_panel(call, panel) + call->depth * MARTLET_PANEL_COLUMNS;
    const vector scale = vector_broadcast(record + call->row.scale_offset);
    _Alignas(64) float scaled[MARTLET_PANEL_COLUMNS];
    for (size_t i = 0; i < MARTLET_PANEL_COLUMNS; i += LANES) {
        __m256i sum = _mm256_loadu_si256((const __m256i *)(sums + i));
        vector value = vector_multiply(vector_of_integers(sum), scale);
        vector outputs = vector_load((const float *)(tail + i * 4));
        vector_store(scaled + i, vector_multiply(value, outputs));
    }
    finish_row(call, scaled, row, panel);
}

#define MARTLET_KIND int8
#define STEP_INPUTS 4
#define WEIGHT_BYTES 1
#define ACTIVATION_BYTES 1
#define FINISH_ROW finish_int8
#include "matmul.inc"

#define MARTLET_KIND int4
#define HAS_MINIMUM 0
#include "matmul.inc"

#define MARTLET_KIND int4_minimum
#define HAS_MINIMUM 1
#include "matmul.inc"

MARTLET_MATMUL_KERNEL(martlet_matmul_int8_avx2) {
    multiply_int8(call, first_row, row_count, first_panel, panel_count);
}

MARTLET_MATMUL_KERNEL(martlet_matmul_int4_avx2) {
    multiply_int4(call, first_row, row_count, first_panel, panel_count);
}

MARTLET_MATMUL_KERNEL(martlet_matmul_int4_minimum_avx2) {
    multiply_int4_minimum(call, first_row, row_count, first_panel, panel_count);
}

#pragma clang attribute pop

#endif
