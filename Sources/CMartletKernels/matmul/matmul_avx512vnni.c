#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c"))), \
    apply_to = function)

#include "matmul_avx512.inc"

typedef __m512i integers;

MATMUL_INLINE integers integers_zero(void) { return _mm512_setzero_si512(); }

MATMUL_INLINE integers integers_broadcast(const uint8_t *source) {
    return _mm512_set1_epi32(*(const int *)source);
}

MATMUL_INLINE vector vector_of_integers(integers value) { return _mm512_cvtepi32_ps(value); }

MATMUL_INLINE vector vector_broadcast(const uint8_t *source) {
    return _mm512_set1_ps(*(const float *)source);
}

MATMUL_INLINE vector vector_load_halves(const uint8_t *source) {
    return _mm512_cvtph_ps(_mm256_load_si256((const __m256i *)source));
}

MATMUL_INLINE vector vector_multiply(vector a, vector b) { return _mm512_mul_ps(a, b); }

MATMUL_INLINE vector vector_fused(vector a, vector b, vector c) {
    return _mm512_fmadd_ps(a, b, c);
}

/// One broadcast per row of four activations feeds all columns; `numbers` are unsigned.
MATMUL_INLINE void dot_nibbles(
    integers sums[TILE_ROWS][4], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const __m512i *numbers) {
    for (size_t r = 0; r < R; r++) {
        __m512i x = integers_broadcast(activations + r * stride);
        for (size_t c = 0; c < C; c++) {
            sums[r][c] = _mm512_dpbusd_epi32(sums[r][c], numbers[c], x);
        }
    }
}

// The nibbles are loaded twice rather than kept (the empty asm hides that they are the same):
// registers are short, loads from the first-level cache are cheap.
MATMUL_INLINE void dot_group(
    integers sums[TILE_ROWS][4], size_t R, size_t C, const group_part *part) {
    const __m512i low_half = _mm512_set1_epi8(15);
    const uint8_t *nibbles = part->nibbles;
    for (size_t k = 0; k < part->inputs; k += 8, nibbles += 256) {
        __m512i numbers[4];
        fetch_part(part, k);
        for (size_t c = 0; c < C; c++) {
            numbers[c] = _mm512_and_si512(_mm512_load_si512(nibbles + c * 64), low_half);
        }
        dot_nibbles(sums, R, C, part->activations + k, part->stride, numbers);
        __asm__("" : "+r"(nibbles));
        for (size_t c = 0; c < C; c++) {
            __m512i pairs = _mm512_load_si512(nibbles + c * 64);
            numbers[c] = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), low_half);
        }
        dot_nibbles(sums, R, C, part->activations + k + 4, part->stride, numbers);
    }
}

// The sums are kept as bits of fp32 vectors, so that they rest where others do. Activations are
// unsigned, 128 too large.
MATMUL_INLINE void step_int8(
    vector sums[TILE_ROWS][4], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    __m512i weights[4];
    for (size_t c = 0; c < C; c++) weights[c] = _mm512_load_si512(panel + c * 64);
    for (size_t r = 0; r < R; r++) {
        __m512i x = integers_broadcast(activations + r * stride);
        for (size_t c = 0; c < C; c++) {
            __m512i sum = _mm512_castps_si512(sums[r][c]);
            sums[r][c] = _mm512_castsi512_ps(_mm512_dpbusd_epi32(sum, x, weights[c]));
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
        __m512i compensation = _mm512_load_si512(tail + (MARTLET_PANEL_COLUMNS + i) * 4);
        __m512i sum = _mm512_sub_epi32(_mm512_loadu_si512(sums + i), compensation);
        vector value = vector_multiply(vector_of_integers(sum), scale);
        vector_store(scaled + i, vector_multiply(value, _mm512_load_ps(tail + i * 4)));
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

MARTLET_MATMUL_KERNEL(martlet_matmul_int8_avx512vnni) {
    multiply_int8(call, first_row, row_count, first_panel, panel_count);
}

MARTLET_MATMUL_KERNEL(martlet_matmul_int4_avx512vnni) {
    multiply_int4(call, first_row, row_count, first_panel, panel_count);
}

MARTLET_MATMUL_KERNEL(martlet_matmul_int4_minimum_avx512vnni) {
    multiply_int4_minimum(call, first_row, row_count, first_panel, panel_count);
}

#pragma clang attribute pop

#endif
