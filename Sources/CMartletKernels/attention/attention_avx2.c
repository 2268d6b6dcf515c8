#if defined(__x86_64__)

#include <immintrin.h>

#include "attention_kernels.h"

#define MARTLET_LANES 8

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)

#include "attention.inc"
#include "attention_write.inc"
#include "attention_words.inc"

#define SCORE_TILES 1
#define FORGET(pointer) __asm__("" : "+r"(pointer))
#define OUTPUT_VECTORS 2

MARTLET_INLINE vi words_load_some(const int32_t *source, size_t count) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lanes);
    return (vi)_mm256_maskload_epi32(source, mask);
}

#include "attention_lines.inc"

#define MARTLET_KIND f32
#define STEP_VALUES 1
#define LINE_BYTES 64
#define PHASES 1
#include "attention_tiles.inc"

#define MARTLET_KIND bf16
#define STEP_VALUES 2
#define LINE_BYTES 64
#define PHASES 2
#include "attention_tiles.inc"

#define MARTLET_KIND i8
#define STEP_VALUES 1
#define LINE_BYTES 16
#define PHASES 1
#include "attention_tiles.inc"

#define DIRECT_ROWS TILE_ROWS
#include "attention_entries.inc"

#pragma clang attribute pop

const martlet_attention_kernels martlet_attention_avx2 = {
    .f32 = attention_f32,
    .bf16 = attention_bf16,
    .i8 = attention_i8,
    .merge = attention_merge,
    .write_f32 = write_f32,
    .write_bf16 = write_bf16,
    .write_i8 = write_i8,
};

#endif
