#ifndef MARTLET_MATMUL_TILE_H
#define MARTLET_MATMUL_TILE_H

#include "matmul_common.h"

#define MATMUL_INLINE __attribute__((always_inline)) static inline

enum {
    /// Rows whose sums are kept in registers: 6 x 64 columns are 24 of AVX-512's 32 registers.
    TILE_ROWS = 6,
    /// Rows per block: their partial sums (24 KiB) and activations stay in the second-level cache.
    BLOCK_ROWS = 96,
    /// Weight bytes per depth block: with the activations they fit a 48 KiB first-level cache.
    BLOCK_BYTES = 32 << 10,
    /// The same for fewer than four tiles, where memory sets the pace: smaller blocks keep it busy
    /// more evenly, by a third at 8 rows.
    FEW_TILES_BLOCK_BYTES = 16 << 10,
};

/// Up to TILE_ROWS rows times one panel over one block of depth.
typedef struct matmul_tile {
    const martlet_matmul_call *call;
    const uint8_t *activations;
    /// In bytes.
    size_t activation_stride;
    /// Where the tile's first row begins.
    const uint8_t *record;
    const uint8_t *weights;
    /// Where the next block's share of this tile begins, to be fetched meanwhile.
    const uint8_t *ahead;
    /// Where in the panel `weights` and `activations` are; 0 begins the sums.
    size_t first_step;
    size_t step_count;
    /// [rows, 64] sums, kept here between depth blocks.
    float *partial;
} matmul_tile;

/// What of one group, and of C vectors of columns, int4's inner loop reads.
typedef struct group_part {
    const uint8_t *activations;
    /// In bytes, from row to row.
    size_t stride;
    const uint8_t *nibbles;
    size_t inputs;
    /// Fetched ahead for every eight inputs, if at all.
    const uint8_t *ahead;
    size_t lines;
    bool fetches;
} group_part;

MATMUL_INLINE void fetch_part(const group_part *part, size_t input) {
    if (!part->fetches) return;
    for (size_t line = 0; line < part->lines; line++) {
        __builtin_prefetch(part->ahead + (input / 8 * part->lines + line) * 64, 0, 2);
    }
}

#endif
