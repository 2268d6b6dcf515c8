#ifndef MARTLET_ATTENTION_H
#define MARTLET_ATTENTION_H

#include "martlet_types.h"

#pragma clang assume_nonnull begin

/// Query rows (positions x heads sharing one KV head) in one work item at most.
#define MARTLET_ATTENTION_ROWS 48
/// Tokens whose scores are taken together; the running maximum moves at multiples of it.
#define MARTLET_ATTENTION_GROUP 64
/// Tokens per split: partial results are merged at multiples of it, in order, always.
#define MARTLET_ATTENTION_SPLIT 512

/// The widest head.
#define MARTLET_HEAD_DIM_MAX 256

/// Where one layer's keys and values lie. Per (block, KV head): blockSize/16 K tiles, then as many
/// V tiles. bf16: K tile [headDim/2][16][2], V tile [8][headDim][2]; fp32 and int8: K tile
/// [headDim][16], V tile [16][headDim]. After the V tiles of int8: the fp32 scale of each token's
/// key [blockSize], then of its value [blockSize]; number = int8 * scale.
typedef struct martlet_kv_layer {
    uint8_t *base;
    /// Bytes from one block of this layer to the next, and from one KV head to the next.
    size_t block_stride;
    size_t head_stride;
    size_t block_size;
    size_t head_dim;
} martlet_kv_layer;

/// One work item: `row_count` consecutive positions x `head_count` query heads of one KV head.
typedef struct martlet_attention_item {
    martlet_kv_layer layer;
    size_t kv_head;
    /// Physical block of each logical block of the sequence.
    const int32_t *block_table;
    /// First query row's first head, and the distance between rows, in floats; heads are
    /// contiguous.
    const float *query;
    size_t query_stride;
    float *output;
    size_t output_stride;
    size_t row_count;
    size_t head_count;
    /// Position of the first row in its sequence.
    size_t first_position;
    /// Tokens a position sees, itself included; 0 for all.
    size_t window;
    float scale;
    /// Splits of MARTLET_ATTENTION_SPLIT tokens to walk: all that the rows see, or one of them.
    size_t first_split;
    size_t split_count;
    /// Where the split's partial result goes when one split is computed alone, else null:
    /// [rows][head_dim + 2] as accumulated output, sum, maximum (base-2 logarithm).
    float *_Nullable partial;
    /// `scratch_bytes(head_dim)` bytes, 64-byte aligned, of the calling thread.
    void *scratch;
} martlet_attention_item;

typedef void (*martlet_attention_function)(const martlet_attention_item *item);

/// Keys and values (fp32, heads contiguous) of `count` tokens for consecutive slots of one tile.
typedef struct martlet_kv_rows {
    const float *key;
    const float *value;
    /// Floats from one token to the next.
    size_t key_stride;
    size_t value_stride;
    /// block * blockSize + offset of the first token.
    size_t slot;
    size_t count;
} martlet_kv_rows;

/// Writes tokens into the cache, for KV heads first_head..<first_head + head_count; all instruction
/// sets write the same bytes.
typedef void (*martlet_kv_write_function)(
    const martlet_kv_layer *layer, const martlet_kv_rows *rows, size_t first_head,
    size_t head_count);

typedef struct martlet_attention_kernels {
    martlet_attention_function f32;
    martlet_attention_function bf16;
    martlet_attention_function i8;
    /// Merges `split_count` partial results (each `partial_stride` floats after the last) of
    /// `item`'s rows in ascending order and writes `item`'s output.
    void (*merge)(
        const martlet_attention_item *item, const float *partials, size_t partial_stride);
    martlet_kv_write_function write_f32;
    martlet_kv_write_function write_bf16;
    /// Symmetric: a head's scale is its largest magnitude / 127, and numbers are rounded to the
    /// nearest multiple of it. A head with a NaN or an infinity gets NaN for its scale, so that all
    /// of it reads as NaN.
    martlet_kv_write_function write_i8;
} martlet_attention_kernels;

/// Bytes of per-thread scratch that any attention kernel needs for `head_dim`.
size_t martlet_attention_scratch_bytes(size_t head_dim);

#pragma clang assume_nonnull end

#endif
