#include "../common/half.h"
#include "attention_kernels.h"

size_t martlet_attention_scratch_bytes(size_t head_dim) {
    size_t stride = martlet_padded_head_dim(head_dim);
    size_t floats = 3 * ROWS * stride + ROWS * GROUP + ROWS * TILE + 3 * ROWS + GROUP * stride;
    return (floats * sizeof(float) + 63) / 64 * 64;
}

static uint8_t *key_tile(
    const martlet_kv_layer *layer, size_t slot, size_t head, size_t tile_bytes) {
    uint8_t *block = layer->base + slot / layer->block_size * layer->block_stride;
    return block + head * layer->head_stride + slot % layer->block_size / TILE * tile_bytes;
}

void martlet_kv_write_f32(
    const martlet_kv_layer *layer, const float *key, const float *value, size_t slot,
    size_t first_head, size_t head_count) {
    const size_t head_dim = layer->head_dim, lane = slot % TILE;
    const size_t tile_bytes = TILE * head_dim * sizeof(float);
    for (size_t head = first_head; head < first_head + head_count; head++) {
        uint8_t *tile = key_tile(layer, slot, head, tile_bytes);
        float *keys = (float *)tile;
        float *values = (float *)(tile + layer->block_size / TILE * tile_bytes);
        for (size_t d = 0; d < head_dim; d++) keys[d * TILE + lane] = key[head * head_dim + d];
        memcpy(values + lane * head_dim, value + head * head_dim, head_dim * sizeof(float));
    }
}

void martlet_kv_write_bf16(
    const martlet_kv_layer *layer, const float *key, const float *value, size_t slot,
    size_t first_head, size_t head_count) {
    const size_t head_dim = layer->head_dim, lane = slot % TILE;
    const size_t tile_bytes = TILE * head_dim * sizeof(uint16_t);
    for (size_t head = first_head; head < first_head + head_count; head++) {
        uint16_t key_bits[MARTLET_HEAD_DIM_MAX], value_bits[MARTLET_HEAD_DIM_MAX];
        for (size_t d = 0; d < head_dim; d++) {
            key_bits[d] = martlet_f32_to_bf16(key[head * head_dim + d]);
            value_bits[d] = martlet_f32_to_bf16(value[head * head_dim + d]);
        }
        uint8_t *tile = key_tile(layer, slot, head, tile_bytes);
        for (size_t d = 0; d < head_dim; d += 2) {
            memcpy(tile + (d / 2 * TILE + lane) * 4, key_bits + d, 4);
        }
        uint16_t *values = (uint16_t *)(tile + layer->block_size / TILE * tile_bytes);
        values += lane / 2 * 2 * head_dim + lane % 2;
        for (size_t d = 0; d < head_dim; d++) values[d * 2] = value_bits[d];
    }
}

/// Quantizes one head and returns its scale. Rounding steps are written one by one, and never
/// fused, so that every processor fills the cache with the same bytes.
static float quantize(const float *source, size_t count, int8_t *target) {
#pragma clang fp contract(off)
    const float magic = 0x1.8p23f;
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t magnitude = martlet_bits(source[i]) & 0x7fffffff;
        largest = magnitude > largest ? magnitude : largest;
    }
    const float maximum = martlet_from_bits(largest);
    // Where the reciprocal nears the largest number, all is as good as zero.
    const bool is_ordinary = largest < 0x7f800000 && maximum > 0x1p-100f;
    const float inverse = is_ordinary ? 127.0f / maximum : 0;
    for (size_t i = 0; is_ordinary && i < count; i++) {
        float shifted = source[i] * inverse + magic;
        target[i] = (int8_t)(martlet_bits(shifted) - martlet_bits(magic));
    }
    if (!is_ordinary) memset(target, 0, count);
    if (largest >= 0x7f800000) return __builtin_nanf("");
    return is_ordinary ? maximum / 127.0f : 0;
}

void martlet_kv_write_i8(
    const martlet_kv_layer *layer, const float *key, const float *value, size_t slot,
    size_t first_head, size_t head_count) {
    const size_t head_dim = layer->head_dim, lane = slot % TILE;
    const size_t tile_bytes = TILE * head_dim;
    const size_t value_offset = layer->block_size * head_dim;
    for (size_t head = first_head; head < first_head + head_count; head++) {
        uint8_t *tile = key_tile(layer, slot, head, tile_bytes);
        int8_t numbers[MARTLET_HEAD_DIM_MAX];
        float *scales = (float *)(key_tile(layer, slot, head, 0) + 2 * value_offset);
        scales += slot % layer->block_size;
        scales[0] = quantize(key + head * head_dim, head_dim, numbers);
        for (size_t d = 0; d < head_dim; d++) tile[d * TILE + lane] = (uint8_t)numbers[d];
        scales[layer->block_size] = quantize(value + head * head_dim, head_dim, numbers);
        memcpy(tile + value_offset + lane * head_dim, numbers, head_dim);
    }
}
