#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#include "matmul_avx2.inc"

/// One broadcast per row feeds all columns: with six rows that leaves the loads two per cycle.
MATMUL_INLINE void multiply_add(
    vector sums[TILE_ROWS][8], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const vector *weights) {
    for (size_t r = 0; r < R; r++) {
        vector x = _mm256_broadcast_ss((const float *)(activations + r * stride));
        for (size_t c = 0; c < C; c++) sums[r][c] = _mm256_fmadd_ps(x, weights[c], sums[r][c]);
    }
}

MATMUL_INLINE void step_f32(
    vector sums[TILE_ROWS][8], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    vector weights[8];
    for (size_t c = 0; c < C; c++) weights[c] = _mm256_load_ps((const float *)(panel + c * 32));
    multiply_add(sums, R, C, activations, stride, weights);
}

MATMUL_INLINE void step_f16(
    vector sums[TILE_ROWS][8], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    vector weights[8];
    for (size_t c = 0; c < C; c++) {
        weights[c] = _mm256_cvtph_ps(_mm_load_si128((const __m128i *)(panel + c * 16)));
    }
    multiply_add(sums, R, C, activations, stride, weights);
}

// The activations are bf16 values kept as fp32, so that only the weights are widened here. The
// pairs are loaded twice rather than kept (the empty asm hides that they are the same): registers
// are short, loads from the first-level cache are cheap.
MATMUL_INLINE void step_bf16(
    vector sums[TILE_ROWS][8], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    vector weights[8];
    for (size_t c = 0; c < C; c++) {
        __m256i pairs = _mm256_load_si256((const __m256i *)(panel + c * 32));
        weights[c] = _mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16));
    }
    multiply_add(sums, R, C, activations, stride, weights);
    __asm__("" : "+r"(panel));
    const __m256i high = _mm256_set1_epi32((int)0xffff0000);
    for (size_t c = 0; c < C; c++) {
        __m256i pairs = _mm256_load_si256((const __m256i *)(panel + c * 32));
        weights[c] = _mm256_castsi256_ps(_mm256_and_si256(pairs, high));
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

#pragma clang attribute pop

const martlet_matmul_kernels martlet_matmul_avx2 = {
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
