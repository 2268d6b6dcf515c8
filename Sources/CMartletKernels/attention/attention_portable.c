#include "../common/half.h"
#include "attention_kernels.h"

#define MARTLET_LANES 4
#include "attention.inc"
#include "attention_write.inc"

static const attention_row_tile *tile_of(const attention_workspace *workspace, size_t row) {
    const attention_row_tile *rows = workspace->row_tiles;
    while (row >= rows->row + rows->count) rows++;
    return rows;
}

static void scores_f32(const attention_workspace *workspace, const attention_group *group) {
    for (size_t row = 0; row < workspace->rows; row++) {
        const attention_row_tile *rows = tile_of(workspace, row);
        const float *query = (const float *)workspace->query + row * workspace->stride;
        for (size_t t = rows->first_tile; t < rows->end_tile; t++) {
            const float *keys = group->keys[t];
            float sums[TILE] = {0};
            for (size_t d = 0; d < workspace->head_dim; d++, keys += TILE) {
                for (size_t i = 0; i < TILE; i++) sums[i] += query[d] * keys[i];
            }
            float *scores = workspace->scores + row * GROUP + (group->first_tile + t) * TILE;
            memcpy(scores, sums, sizeof sums);
        }
    }
}

static void scores_bf16(const attention_workspace *workspace, const attention_group *group) {
    for (size_t row = 0; row < workspace->rows; row++) {
        const attention_row_tile *rows = tile_of(workspace, row);
        const float *query = (const float *)workspace->query + row * workspace->stride;
        for (size_t t = rows->first_tile; t < rows->end_tile; t++) {
            const uint32_t *keys = group->keys[t];
            float sums[TILE] = {0};
            for (size_t d = 0; d < workspace->head_dim; d += 2, keys += TILE) {
                for (size_t i = 0; i < TILE; i++) {
                    sums[i] += query[d] * martlet_from_bits(keys[i] << 16);
                    sums[i] += query[d + 1] * martlet_from_bits(keys[i] & 0xffff0000);
                }
            }
            float *scores = workspace->scores + row * GROUP + (group->first_tile + t) * TILE;
            memcpy(scores, sums, sizeof sums);
        }
    }
}

static void accumulate_f32(const attention_workspace *workspace, const attention_group *group) {
    for (size_t token = group->first_tile * TILE; token < group->token_count; token++) {
        size_t tile = token / TILE - group->first_tile;
        const float *values = group->values[tile];
        values += token % TILE * workspace->head_dim;
        for (size_t row = 0; row < workspace->rows; row++) {
            const attention_row_tile *rows = tile_of(workspace, row);
            if (tile < rows->first_tile || tile >= rows->end_tile) continue;
            float probability = workspace->scores[row * GROUP + token];
            float *output = workspace->split + row * workspace->stride;
            for (size_t d = 0; d < workspace->head_dim; d++) output[d] += probability * values[d];
        }
    }
}

static void accumulate_bf16(const attention_workspace *workspace, const attention_group *group) {
    for (size_t token = group->first_tile * TILE; token < group->token_count; token++) {
        size_t tile = token / TILE - group->first_tile;
        const uint16_t *values = group->values[tile];
        values += token % TILE / 2 * 2 * workspace->head_dim + token % 2;
        for (size_t row = 0; row < workspace->rows; row++) {
            const attention_row_tile *rows = tile_of(workspace, row);
            if (tile < rows->first_tile || tile >= rows->end_tile) continue;
            float probability = workspace->scores[row * GROUP + token];
            float *output = workspace->split + row * workspace->stride;
            for (size_t d = 0; d < workspace->head_dim; d++) {
                output[d] += probability * martlet_bf16_to_f32(values[d * 2]);
            }
        }
    }
}

#include "attention_entries.inc"

const martlet_attention_kernels martlet_attention_portable = {
    .f32 = attention_f32,
    .bf16 = attention_bf16,
    .i8 = attention_i8,
    .merge = attention_merge,
    .write_f32 = write_f32,
    .write_bf16 = write_bf16,
    .write_i8 = write_i8,
};
