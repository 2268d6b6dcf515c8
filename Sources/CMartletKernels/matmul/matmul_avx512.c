#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))), \
    apply_to = function)

#include "matmul_avx512.inc"

MATMUL_INLINE __m512 activation(const uint8_t *activations, size_t offset) {
    return _mm512_set1_ps(*(const float *)(activations + offset));
}

MATMUL_INLINE void multiply_add(
    vector sums[TILE_ROWS][4], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const __m512 *weights) {
    for (size_t r = 0; r < R; r++) {
        __m512 x = activation(activations, r * stride);
        for (size_t c = 0; c < C; c++) sums[r][c] = _mm512_fmadd_ps(x, weights[c], sums[r][c]);
    }
}

MATMUL_INLINE void step_f32(
    vector sums[TILE_ROWS][4], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    __m512 weights[4];
    for (size_t c = 0; c < C; c++) weights[c] = _mm512_load_ps(panel + c * 64);
    multiply_add(sums, R, C, activations, stride, weights);
}

MATMUL_INLINE void step_f16(
    vector sums[TILE_ROWS][4], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    __m512 weights[4];
    for (size_t c = 0; c < C; c++) {
        weights[c] = _mm512_cvtph_ps(_mm256_load_si256((const __m256i *)(panel + c * 32)));
    }
    multiply_add(sums, R, C, activations, stride, weights);
}

// The activations are bf16 values kept as fp32, so that only the weights are widened here.
MATMUL_INLINE void step_bf16(
    vector sums[TILE_ROWS][4], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    __m512i pairs[4];
    __m512 weights[4];
    for (size_t c = 0; c < C; c++) pairs[c] = _mm512_load_si512(panel + c * 64);
    for (size_t c = 0; c < C; c++) {
        weights[c] = _mm512_castsi512_ps(_mm512_slli_epi32(pairs[c], 16));
    }
    multiply_add(sums, R, C, activations, stride, weights);
    for (size_t c = 0; c < C; c++) {
        __m512i high = _mm512_and_si512(pairs[c], _mm512_set1_epi32((int)0xffff0000));
        weights[c] = _mm512_castsi512_ps(high);
    }
    multiply_add(sums, R, C, activations + 4, stride, weights);
}

#define MARTLET_KIND f32
#define STEP_INPUTS 1
#define WEIGHT_BYTES 4
#define ACTIVATION_BYTES 4
#include "matmul.inc"

#define MARTLET_KIND f16
#define STEP_INPUTS 1
#define WEIGHT_BYTES 2
#define ACTIVATION_BYTES 4
#include "matmul.inc"

#define MARTLET_KIND bf16
#define STEP_INPUTS 2
#define WEIGHT_BYTES 2
#define ACTIVATION_BYTES 4
#include "matmul.inc"

void martlet_matmul_f32_avx512(
    const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel,
    size_t panel_count) {
    multiply_f32(call, first_row, row_count, first_panel, panel_count);
}

void martlet_matmul_f16_avx512(
    const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel,
    size_t panel_count) {
    multiply_f16(call, first_row, row_count, first_panel, panel_count);
}

#pragma clang attribute pop

const martlet_matmul_kernels martlet_matmul_avx512 = {
    .f32 = multiply_f32,
    .f16 = multiply_f16,
    .bf16 = multiply_bf16,
    .round_row = martlet_round_row_widened,
    .rounded_bytes = sizeof(float),
    .int8 = martlet_matmul_int8_avx2,
    .int4 = martlet_matmul_int4_avx2,
    .int4_minimum = martlet_matmul_int4_minimum_avx2,
    .int8_offset = 0,
};

#endif
