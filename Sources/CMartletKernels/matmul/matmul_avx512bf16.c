#if defined(__x86_64__)

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,f16c"))), \
    apply_to = function)

#include "matmul_avx512.inc"

// vdpbf16ps sums the products of a pair in fp32; the pair of activations is one 32-bit broadcast.
MATMUL_INLINE void step_bf16(
    vector sums[TILE_ROWS][4], size_t R, size_t C, const uint8_t *activations, size_t stride,
    const uint8_t *panel) {
    __m512bh weights[4];
    for (size_t c = 0; c < C; c++) weights[c] = (__m512bh)_mm512_load_si512(panel + c * 64);
    for (size_t r = 0; r < R; r++) {
        int pair = *(const int *)(activations + r * stride);
        __m512bh x = (__m512bh)_mm512_set1_epi32(pair);
        for (size_t c = 0; c < C; c++) sums[r][c] = _mm512_dpbf16_ps(sums[r][c], x, weights[c]);
    }
}

#define MARTLET_KIND bf16
#define STEP_INPUTS 2
#define WEIGHT_BYTES 2
#define ACTIVATION_BYTES 2
#include "matmul.inc"

static void round_row(const float *source, void *destination, size_t count, size_t padded) {
    uint16_t *rounded = destination;
    for (size_t i = 0; i < padded; i += LANES) {
        __mmask16 inside = padded - i < LANES ? (__mmask16)((1u << (padded - i)) - 1) : 0xffff;
        size_t rest = i < count ? count - i : 0;
        __mmask16 read = rest < LANES ? (__mmask16)((1u << rest) - 1) : 0xffff;
        __m256bh values = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(read, source + i));
        _mm256_mask_storeu_epi16(rounded + i, inside, (__m256i)values);
    }
}

#pragma clang attribute pop

const martlet_matmul_kernels martlet_matmul_avx512bf16 = {
    .f32 = martlet_matmul_f32_avx512,
    .f16 = martlet_matmul_f16_avx512,
    .bf16 = multiply_bf16,
    .round_row = round_row,
    .rounded_bytes = sizeof(uint16_t),
    .int8 = martlet_matmul_int8_avx512vnni,
    .int4 = martlet_matmul_int4_avx512vnni,
    .int4_minimum = martlet_matmul_int4_minimum_avx512vnni,
    .int8_offset = 128,
};

#endif
