#ifndef MARTLET_TYPES_H
#define MARTLET_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Element types in memory.
typedef enum martlet_dtype {
    MARTLET_F32 = 0,
    MARTLET_BF16 = 1,
    MARTLET_F16 = 2,
} martlet_dtype;

/// Outputs per panel of a packed weight.
#define MARTLET_PANEL_COLUMNS 64
/// Tokens per tile of the KV cache.
#define MARTLET_TILE_TOKENS 16

#endif
