#if defined(__x86_64__)

#include <immintrin.h>

#include "attention_kernels.h"

#define MARTLET_LANES 16

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))), \
    apply_to = function)

#include "attention.inc"
#include "attention_write.inc"
#include "attention_words.inc"

#define SCORE_TILES 4
#define FORGET(pointer) (void)(pointer)
#define OUTPUT_VECTORS 4

MARTLET_INLINE vi words_load_some(const int32_t *source, size_t count) {
    return (vi)_mm512_maskz_loadu_epi32((__mmask16)((1u << count) - 1), source);
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

void martlet_attention_f32_avx512(const martlet_attention_item *item) { attention_f32(item); }

#pragma clang attribute pop

const martlet_attention_kernels martlet_attention_avx512 = {
    .f32 = attention_f32,
    .bf16 = attention_bf16,
    .i8 = attention_i8,
    .merge = attention_merge,
    .write_f32 = write_f32,
    .write_bf16 = write_bf16,
    .write_i8 = write_i8,
};

#endif
