#if defined(__x86_64__)

#include <immintrin.h>

#include "attention_kernels.h"

#define MARTLET_LANES 16

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,f16c"))), \
    apply_to = function)

#include "attention.inc"
#include "attention_write.inc"

#define SCORE_TILES 4
#define FORGET(pointer) (void)(pointer)
#define OUTPUT_VECTORS 4

MARTLET_INLINE vi words_load(const int32_t *source) {
    return (vi)_mm512_loadu_si512(source);
}

MARTLET_INLINE vi words_load_some(const int32_t *source, size_t count) {
    return (vi)_mm512_maskz_loadu_epi32((__mmask16)((1u << count) - 1), source);
}

MARTLET_INLINE vi operand_load(const uint8_t *source) {
    int32_t pair;
    memcpy(&pair, source, sizeof pair);
    return (vi)_mm512_set1_epi32(pair);
}

MARTLET_INLINE vi weights_bf16(vi words, size_t phase) {
    (void)phase;
    return words;
}

// vdpbf16ps sums the products of a pair in fp32; the pair of operands is one 32-bit broadcast.
MARTLET_INLINE vf multiply_bf16(vf sum, vi operand, vi weights) {
    return _mm512_dpbf16_ps(sum, (__m512bh)operand, (__m512bh)weights);
}

#include "attention_lines.inc"

#define MARTLET_KIND bf16
#define STEP_VALUES 2
#define LINE_BYTES 64
#define PHASES 1
#include "attention_tiles.inc"

static void prepare_bf16(
    const float *source, void *query, size_t row, size_t stride, size_t count) {
    uint16_t *target = (uint16_t *)query + row * stride;
    for (size_t i = 0; i < count; i += LANES) {
        size_t rest = count - i;
        __mmask16 mask = rest < LANES ? (__mmask16)((1u << rest) - 1) : 0xffff;
        __m256bh values = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, source + i));
        _mm256_mask_storeu_epi16(target + i, mask, (__m256i)values);
    }
}

// 64 fp32 probabilities become 64 bf16 in a row's first half.
static void round_probabilities(float *rows, size_t count) {
    for (float *row = rows; row < rows + count * GROUP; row += GROUP) {
        for (size_t i = 0; i < GROUP; i += 2 * LANES) {
            __m512 low = _mm512_loadu_ps(row + i), high = _mm512_loadu_ps(row + i + LANES);
            _mm512_storeu_si512((uint16_t *)row + i, (__m512i)_mm512_cvtne2ps_pbh(high, low));
        }
    }
}

static const attention_primitives primitives_bf16 = {
    .element_bytes = 2,
    .prepare_query = prepare_bf16,
    .scores = scores_bf16,
    .finish_probabilities = round_probabilities,
    .accumulate = accumulate_bf16,
};

/// 16 numbers of each of two lines, interleaved: the pairs that vdpbf16ps takes. Whole numbers
/// below 256 are bf16 numbers: the upper half of their fp32 is all of them.
MARTLET_INLINE __m512i widened_pairs(__m128i first, __m128i second) {
    // Words 1, 33, 3, 35 and so on: the upper halves of both in turn.
    const __m512i upper = _mm512_setr_epi32(
        0x210001, 0x230003, 0x250005, 0x270007, 0x290009, 0x2b000b, 0x2d000d, 0x2f000f,
        0x310011, 0x330013, 0x350015, 0x370017, 0x390019, 0x3b001b, 0x3d001d, 0x3f001f);
    __m512i low = (__m512i)_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(first));
    __m512i high = (__m512i)_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(second));
    return _mm512_permutex2var_epi16(low, upper, high);
}

MARTLET_INLINE vi key_words_i8(const uint8_t *line, size_t vector) {
    (void)vector;
    const __m128i *rows = (const __m128i *)line;
    return (vi)widened_pairs(_mm_loadu_si128(rows), _mm_loadu_si128(rows + 1));
}

MARTLET_INLINE vi value_words_i8(
    const uint8_t *line, size_t head_dim, size_t dimension, size_t lanes) {
    const uint8_t *first = line + dimension, *second = first + head_dim;
    if (lanes == LANES) {
        return (vi)widened_pairs(
            _mm_loadu_si128((const __m128i *)first), _mm_loadu_si128((const __m128i *)second));
    }
    __mmask16 mask = (__mmask16)((1u << lanes) - 1);
    return (vi)widened_pairs(
        _mm_maskz_loadu_epi8(mask, first), _mm_maskz_loadu_epi8(mask, second));
}

#define weights_i8 weights_bf16
#define multiply_i8 multiply_bf16
#define MARTLET_KIND i8
#define STEP_VALUES 2
#define LINE_BYTES 32
#define PHASES 1
#include "attention_tiles.inc"

// Pairs of dimensions: [headDim][16] becomes [headDim/2][16][2].
static void widen_keys_bf16(
    const int8_t *source, const int8_t *fetched, size_t head_dim, void *target) {
    uint8_t *lines = target;
    for (size_t d = 0; d < head_dim; d += 2, source += 2 * TILE, lines += 64) {
        fetch_line(fetched + d * TILE);
        __m128i first = _mm_loadu_si128((const __m128i *)source);
        __m128i second = _mm_loadu_si128((const __m128i *)(source + TILE));
        _mm512_storeu_si512(lines, widened_pairs(first, second));
    }
}

// Pairs of tokens: [16][headDim] becomes [8][headDim][2].
static void widen_values_bf16(
    const int8_t *source, const int8_t *fetched, size_t head_dim, void *target) {
    uint32_t *pairs = target;
    for (size_t token = 0; token < TILE; token += 2, source += 2 * head_dim, pairs += head_dim) {
        size_t d = 0;
        for (; d + LANES <= head_dim; d += LANES) {
            fetch_line(fetched + token * head_dim + 2 * d);
            __m128i first = _mm_loadu_si128((const __m128i *)(source + d));
            __m128i second = _mm_loadu_si128((const __m128i *)(source + head_dim + d));
            _mm512_storeu_si512(pairs + d, widened_pairs(first, second));
        }
        __mmask16 mask = (__mmask16)((1u << (head_dim - d)) - 1);
        __m128i first = _mm_maskz_loadu_epi8(mask, source + d);
        __m128i second = _mm_maskz_loadu_epi8(mask, source + head_dim + d);
        _mm512_mask_storeu_epi32(pairs + d, mask, widened_pairs(first, second));
    }
}

#define MARTLET_KIND bf16
#define WIDE_BYTES 2
#define FINISH_PROBABILITIES round_probabilities
#define DIRECT_ROWS TILE_ROWS
#define widen_keys widen_keys_bf16
#define widen_values widen_values_bf16
#include "attention_int8.inc"

static void attention_bf16(const martlet_attention_item *item) { attend(item, &primitives_bf16); }

static void attention_i8(const martlet_attention_item *item) { attend(item, &primitives_i8); }

#pragma clang attribute pop

const martlet_attention_kernels martlet_attention_avx512bf16 = {
    .f32 = martlet_attention_f32_avx512,
    .bf16 = attention_bf16,
    .i8 = attention_i8,
    .merge = attention_merge,
    .write_f32 = write_f32,
    .write_bf16 = write_bf16,
    .write_i8 = write_i8,
};

#endif
