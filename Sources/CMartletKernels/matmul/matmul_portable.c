#include "../common/half.h"
#include "matmul_common.h"

enum { COLUMNS = MARTLET_PANEL_COLUMNS };

typedef void (*panel_row)(const void *activations, const void *panel, size_t depth, float *sums);

static void row_f32(const void *activations, const void *panel, size_t depth, float *sums) {
    const float *x = activations, *weights = panel;
    for (size_t k = 0; k < depth; k++, weights += COLUMNS) {
        for (size_t i = 0; i < COLUMNS; i++) sums[i] += x[k] * weights[i];
    }
}

static void row_f16(const void *activations, const void *panel, size_t depth, float *sums) {
    const float *x = activations;
    const uint16_t *weights = panel;
    for (size_t k = 0; k < depth; k++, weights += COLUMNS) {
        for (size_t i = 0; i < COLUMNS; i++) sums[i] += x[k] * martlet_f16_to_f32(weights[i]);
    }
}

// The activations are bf16 values kept as fp32, so that only the weights are widened here.
static void row_bf16(const void *activations, const void *panel, size_t depth, float *sums) {
    const float *x = activations;
    const uint32_t *pairs = panel;
    for (size_t k = 0; k < depth; k += 2, pairs += COLUMNS) {
        for (size_t i = 0; i < COLUMNS; i++) {
            sums[i] += x[k] * martlet_from_bits(pairs[i] << 16);
            sums[i] += x[k + 1] * martlet_from_bits(pairs[i] & 0xffff0000);
        }
    }
}

static void multiply(
    const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel,
    size_t panel_count, panel_row accumulate_row) {
    for (size_t panel = first_panel; panel < first_panel + panel_count; panel++) {
        const uint8_t *weights = martlet_panel(call, panel);
        for (size_t row = first_row; row < first_row + row_count; row++) {
            const float *x = (const float *)call->activations + row * call->activation_stride;
            float sums[COLUMNS] = {0};
            accumulate_row(x, weights, call->depth, sums);
            martlet_matmul_finish_row(call, sums, row, panel);
        }
    }
}

static void multiply_f32(
    const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel,
    size_t panel_count) {
    multiply(call, first_row, row_count, first_panel, panel_count, row_f32);
}

static void multiply_f16(
    const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel,
    size_t panel_count) {
    multiply(call, first_row, row_count, first_panel, panel_count, row_f16);
}

static void multiply_bf16(
    const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel,
    size_t panel_count) {
    multiply(call, first_row, row_count, first_panel, panel_count, row_bf16);
}

void martlet_round_row_widened(
    const float *source, void *destination, size_t count, size_t padded) {
    float *rounded = destination;
    for (size_t i = 0; i < count; i++) {
        rounded[i] = martlet_bf16_to_f32(martlet_f32_to_bf16(source[i]));
    }
    for (size_t i = count; i < padded; i++) rounded[i] = 0;
}

const martlet_matmul_kernels martlet_matmul_portable = {
    .f32 = multiply_f32,
    .f16 = multiply_f16,
    .bf16 = multiply_bf16,
    .round_row = martlet_round_row_widened,
    .rounded_bytes = sizeof(float),
    .int8 = martlet_matmul_int8_portable,
    .int4 = martlet_matmul_int4_portable,
    .int4_minimum = martlet_matmul_int4_minimum_portable,
    .int8_offset = 0,
};
