#ifndef MARTLET_MATMUL_H
#define MARTLET_MATMUL_H

#include "martlet_quantize.h"
#include "martlet_types.h"

#pragma clang assume_nonnull begin

/// One linear layer call, y = x W^T (+ bias) (+ y), seen by all its chunks.
///
/// Weights lie in panels of 64 outputs:
/// bf16 [panels][depth/2][64][2], f16 and f32 [panels][depth][64];
/// int8 and int4 as `martlet_quantize.h` says.
typedef struct martlet_matmul_call {
    /// [rows, activation_stride]; for bf16 weights what `round_row` wrote, for int8 and int4 what
    /// `quantize_row` wrote, else fp32.
    const void *activations;
    /// In elements; in bytes where rows are quantized.
    size_t activation_stride;
    const void *weights;
    /// Bytes from one panel to the next.
    size_t panel_bytes;
    /// Inputs summed over, padding included: even for bf16, a multiple of 4 for int8, of the group
    /// for int4.
    size_t depth;
    /// How a quantized row lies in memory; not read for other weights.
    martlet_row_layout row;
    /// [column_count], or null.
    const float *_Nullable bias;
    /// fp32 [rows, output_stride].
    float *output;
    size_t output_stride;
    /// Real outputs; the last panel may hold more.
    size_t column_count;
    /// Adds to `output` instead of replacing it.
    bool accumulate;
} martlet_matmul_call;

/// Computes rows x panels of one call. Each output element sums over depth in ascending order
/// whatever the ranges are, so a row's bits depend on that row only.
///
/// With int8 weights the sum is exact, and the output is float(sum) * row scale * output scale.
/// With int4 weights the sum of a group is exact, and groups are added in fp32, in ascending order:
/// float(sum of x (w - 8)) * (row scale * weight scale), or with a minimum
/// float(sum of x w) * (row scale * weight scale), then row correction * minimum.
typedef void (*martlet_matmul_function)(
    const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel,
    size_t panel_count);

typedef struct martlet_matmul_kernels {
    martlet_matmul_function f32;
    martlet_matmul_function f16;
    martlet_matmul_function bf16;
    /// Rounds `count` activations to bf16 (nearest even) in the form the bf16 kernel reads, then
    /// writes zeros up to `padded` elements.
    void (*round_row)(const float *source, void *destination, size_t count, size_t padded);
    /// Bytes of one rounded activation: 2, or 4 where bf16 values are kept widened.
    size_t rounded_bytes;
    martlet_matmul_function int8;
    martlet_matmul_function int4;
    martlet_matmul_function int4_minimum;
    /// Added to the activations that `int8` reads: 128 where they are unsigned, else 0.
    uint8_t int8_offset;
} martlet_matmul_kernels;

/// Packs source outputs first_output..<first_output+count into lanes first_lane... of one panel.
void martlet_pack_panel(
    const martlet_pack_source *source, size_t first_output, size_t count, size_t depth,
    void *panel, martlet_dtype dtype, size_t first_lane);

/// Reads one output's weights back out of its panel as fp32 (exactly), adding when `accumulate`.
void martlet_unpack_row(
    const void *panel, martlet_dtype dtype, size_t lane, size_t depth, float *destination,
    bool accumulate);

#pragma clang assume_nonnull end

#endif
