#include "../common/half.h"
#include "matmul_common.h"

#pragma clang fp contract(off)

enum { COLUMNS = MARTLET_PANEL_COLUMNS };

static float load_float(const uint8_t *source) {
    float value;
    memcpy(&value, source, sizeof value);
    return value;
}

static int32_t load_int(const uint8_t *source) {
    int32_t value;
    memcpy(&value, source, sizeof value);
    return value;
}

// Sums wrap as the vector kernels' do.
MARTLET_MATMUL_KERNEL(martlet_matmul_int8_portable) {
    for (size_t panel = first_panel; panel < first_panel + panel_count; panel++) {
        const uint8_t *weights = martlet_panel(call, panel);
        const uint8_t *scales = weights + call->depth * COLUMNS;
        for (size_t row = first_row; row < first_row + row_count; row++) {
            const uint8_t *record
                = (const uint8_t *)call->activations + row * call->activation_stride;
            uint32_t totals[COLUMNS] = {0};
            for (size_t k = 0; k < call->depth; k++) {
                const uint8_t *four = weights + k / 4 * 4 * COLUMNS + k % 4;
                int32_t x = (int8_t)record[k];
                for (size_t i = 0; i < COLUMNS; i++) {
                    totals[i] += (uint32_t)(x * (int8_t)four[i * 4]);
                }
            }
            float scale = load_float(record + call->row.scale_offset), sums[COLUMNS];
            for (size_t i = 0; i < COLUMNS; i++) {
                float scaled = (float)(int32_t)totals[i] * scale;
                sums[i] = scaled * load_float(scales + i * 4);
            }
            martlet_matmul_finish_row(call, sums, row, panel);
        }
    }
}

/// Adds the dot products of one group's nibbles with `x` to `totals`.
static void add_group(const int8_t *x, const uint8_t *nibbles, size_t group, int32_t *totals) {
    for (size_t k = 0; k < group; k += 8, nibbles += COLUMNS * 4) {
        for (size_t i = 0; i < COLUMNS * 4; i++) {
            totals[i / 4] += x[k + i % 4] * (nibbles[i] & 15);
            totals[i / 4] += x[k + 4 + i % 4] * (nibbles[i] >> 4);
        }
    }
}

static void sum_groups(
    const martlet_matmul_call *call, const uint8_t *record, const uint8_t *block,
    bool has_minimum, float *sums) {
    const size_t group = call->row.group_inputs;
    const size_t header = COLUMNS * (has_minimum ? 4 : 2);
    for (size_t g = 0; g < call->depth / group; g++) {
        const uint8_t *correction = record + call->row.correction_offset + g * 4;
        int32_t totals[COLUMNS];
        for (size_t i = 0; i < COLUMNS; i++) totals[i] = has_minimum ? 0 : load_int(correction);
        add_group((const int8_t *)record + g * group, block + header, group, totals);
        float scale = load_float(record + call->row.scale_offset + g * 4);
        const uint16_t *halves = (const uint16_t *)block;
        for (size_t i = 0; i < COLUMNS; i++) {
            sums[i] += (float)totals[i] * (scale * martlet_f16_to_f32(halves[i]));
        }
        for (size_t i = 0; has_minimum && i < COLUMNS; i++) {
            sums[i] += load_float(correction) * martlet_f16_to_f32(halves[COLUMNS + i]);
        }
        block += header + group * (COLUMNS / 2);
    }
}

static void multiply_int4(
    const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel,
    size_t panel_count, bool has_minimum) {
    for (size_t panel = first_panel; panel < first_panel + panel_count; panel++) {
        for (size_t row = first_row; row < first_row + row_count; row++) {
            const uint8_t *record
                = (const uint8_t *)call->activations + row * call->activation_stride;
            float sums[COLUMNS] = {0};
            sum_groups(call, record, martlet_panel(call, panel), has_minimum, sums);
            martlet_matmul_finish_row(call, sums, row, panel);
        }
    }
}

MARTLET_MATMUL_KERNEL(martlet_matmul_int4_portable) {
    multiply_int4(call, first_row, row_count, first_panel, panel_count, false);
}

MARTLET_MATMUL_KERNEL(martlet_matmul_int4_minimum_portable) {
    multiply_int4(call, first_row, row_count, first_panel, panel_count, true);
}
