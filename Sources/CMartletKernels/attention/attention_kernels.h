#ifndef MARTLET_ATTENTION_KERNELS_H
#define MARTLET_ATTENTION_KERNELS_H

#include "martlet_attention.h"

extern const martlet_attention_kernels martlet_attention_portable;
#if defined(__x86_64__)
extern const martlet_attention_kernels martlet_attention_avx2;
extern const martlet_attention_kernels martlet_attention_avx512;
extern const martlet_attention_kernels martlet_attention_avx512bf16;

/// AVX-512 without BF16 serves fp32 caches on processors that have it, too.
void martlet_attention_f32_avx512(const martlet_attention_item *item);
#endif

enum {
    TILE = MARTLET_TILE_TOKENS,
    GROUP = MARTLET_ATTENTION_GROUP,
    GROUP_TILES = MARTLET_ATTENTION_GROUP / MARTLET_TILE_TOKENS,
    SPLIT = MARTLET_ATTENTION_SPLIT,
    ROWS = MARTLET_ATTENTION_ROWS,
    /// Rows whose scores and outputs are kept in registers together.
    TILE_ROWS = 6,
};

/// head_dim rounded up to whole 64-byte lines of fp32.
static inline size_t martlet_padded_head_dim(size_t head_dim) { return (head_dim + 15) / 16 * 16; }

/// Consecutive rows that are computed together, and what they see of the current group.
typedef struct attention_row_tile {
    size_t row;
    size_t count;
    /// Positions of the first row and of the last.
    size_t first_position;
    size_t last_position;
    /// Of the group's tiles, those that some of the rows see: first_tile..<end_tile.
    size_t first_tile;
    size_t end_tile;
    /// Whether each row sees every token of them.
    bool is_whole;
} attention_row_tile;

/// The calling thread's scratch, carved up; rows are (position, head) pairs, heads fastest.
typedef struct attention_workspace {
    size_t rows;
    size_t head_dim;
    size_t row_tile_count;
    attention_row_tile row_tiles[(ROWS + TILE_ROWS - 1) / TILE_ROWS];
    /// Floats from one row to the next of `split` and `total`; elements likewise of `query`.
    size_t stride;
    /// [rows, stride], in the form that `scores` reads.
    void *query;
    /// [rows, GROUP]: scores, then probabilities of the current group.
    float *scores;
    /// Unnormalised output, sum of probabilities per token lane and maximum of the current split.
    float *split;
    float *split_sums;
    float *split_maximum;
    /// The same of all splits merged so far, lanes added up.
    float *total;
    float *total_sum;
    float *total_maximum;
    /// [GROUP, stride]: a group's int8 keys or values in the tiles of a wider type.
    float *wide;
} attention_workspace;

static inline attention_workspace martlet_attention_carve(void *scratch, size_t head_dim) {
    size_t stride = martlet_padded_head_dim(head_dim);
    float *next = scratch;
    attention_workspace workspace = {.head_dim = head_dim, .stride = stride};
    workspace.query = next, next += ROWS * stride;
    workspace.scores = next, next += ROWS * GROUP;
    workspace.split = next, next += ROWS * stride;
    workspace.split_sums = next, next += ROWS * TILE;
    workspace.split_maximum = next, next += ROWS;
    workspace.total = next, next += ROWS * stride;
    workspace.total_sum = next, next += ROWS;
    workspace.total_maximum = next, next += ROWS;
    workspace.wide = next;
    return workspace;
}

/// The tiles of one group that some row sees: first_tile..<first_tile + tile_count of its four.
typedef struct attention_group {
    size_t first_tile;
    size_t tile_count;
    /// Tokens of the group up to the last row's position; memory beyond may hold anything.
    size_t token_count;
    const void *keys[GROUP_TILES];
    const void *values[GROUP_TILES];
    /// The keys of the next group, to be fetched meanwhile; this group's where there is none.
    const void *next_keys[GROUP_TILES];
    /// What the tiles' tokens are multiplied with; of scaled caches only.
    const float *key_scales[GROUP_TILES];
    const float *value_scales[GROUP_TILES];
} attention_group;

/// What an instruction set provides per cache dtype; `attention.inc` does the rest.
typedef struct attention_primitives {
    /// Bytes of one key or value in the cache.
    size_t element_bytes;
    /// Whether each token's key and value has a scale: the softmax then multiplies scores with the
    /// one and probabilities with the other.
    bool scaled;
    /// Converts one head of one query row.
    void (*prepare_query)(
        const float *source, void *query, size_t row, size_t stride, size_t count);
    /// scores[row][token] = query[row] . key[token] for the tiles that each row tile sees; each dot
    /// product sums over ascending dimensions whatever the tiling.
    void (*scores)(const attention_workspace *workspace, const attention_group *group);
    /// Turns `count` rows of probabilities into the form that `accumulate` reads, in place.
    void (*finish_probabilities)(float *rows, size_t count);
    /// split[row] += sum over tokens of probability * value, ascending, for the tiles that each row
    /// tile sees; tokens from token_count on are not read as numbers.
    void (*accumulate)(const attention_workspace *workspace, const attention_group *group);
} attention_primitives;

#endif
