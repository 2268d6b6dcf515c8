#ifndef MARTLET_MATMUL_H
#define MARTLET_MATMUL_H

#include "martlet_types.h"

#pragma clang assume_nonnull begin

/// One linear layer call, y = x W^T (+ bias) (+ y), seen by all its chunks.
///
/// Weights lie in panels of 64 outputs:
/// bf16 [panels][depth/2][64][2], f16 and f32 [panels][depth][64].
typedef struct martlet_matmul_call {
    /// [rows, activation_stride]; for bf16 weights what `round_row` wrote, else fp32.
    const void *activations;
    /// In elements.
    size_t activation_stride;
    const void *weights;
    /// Inputs summed over; even for bf16 (padded with zeros).
    size_t depth;
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

/// Computes rows x panels of one call. Each output element sums over depth in ascending order in
/// fp32 whatever the ranges are, so a row's bits depend on that row only.
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
} martlet_matmul_kernels;

/// Source of a weight being packed: [outputs, inputs] row-major, or [inputs, outputs] where
/// `transposed`; any alignment.
typedef struct martlet_pack_source {
    const void *bytes;
    /// In elements.
    size_t row_stride;
    martlet_dtype dtype;
    bool transposed;
} martlet_pack_source;

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
