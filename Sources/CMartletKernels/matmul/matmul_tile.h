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
    /// How far a panel that is read once is fetched ahead: about 100 ns of memory latency at
    /// 25 GB/s.
    STREAM_AHEAD = 4096,
};

/// Up to TILE_ROWS rows times one panel over one block of depth.
typedef struct matmul_tile {
    const uint8_t *activations;
    /// In bytes.
    size_t activation_stride;
    const uint8_t *weights;
    /// Where the next block's share of this tile begins, to be fetched meanwhile.
    const uint8_t *ahead;
    size_t step_count;
    /// [rows, 64] sums, kept here between depth blocks.
    float *partial;
    bool begins;
} matmul_tile;

#endif
