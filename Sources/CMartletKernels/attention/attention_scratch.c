#include "attention_kernels.h"

size_t martlet_attention_scratch_bytes(size_t head_dim) {
    size_t stride = martlet_padded_head_dim(head_dim);
    size_t floats = 3 * ROWS * stride + ROWS * GROUP + ROWS * TILE + 3 * ROWS + GROUP * stride;
    return (floats * sizeof(float) + 63) / 64 * 64;
}
