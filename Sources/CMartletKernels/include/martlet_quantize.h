#ifndef MARTLET_QUANTIZE_H
#define MARTLET_QUANTIZE_H

#include "martlet_types.h"

#pragma clang assume_nonnull begin

/// Weights kept as whole numbers with scales.
typedef enum martlet_quantization {
    /// w = scale * q for each output, q in -127...127. A panel is int8 [depth/4][64][4], then fp32
    /// scales [64], then int32 [64], 128 times each output's sum of q.
    MARTLET_INT8 = 0,
    /// w = scale * (q - 8) for each output and group of inputs, q in 0...15. A panel is
    /// [depth/group] blocks, each of f16 scales [64], then nibbles [group/8][64][4], where byte j
    /// holds input j of eight in its low half and input 4 + j in its high half.
    MARTLET_INT4 = 1,
    /// w = scale * q + minimum: as MARTLET_INT4, with f16 minima [64] behind the scales.
    MARTLET_INT4_MINIMUM = 2,
} martlet_quantization;

/// Inputs of the largest group of int4.
#define MARTLET_GROUP_MAXIMUM 128

/// Inputs up to which int8's sums, all of whose intermediate values may wrap, end exact:
/// 127 * 127 * inputs < 2^31.
#define MARTLET_INT8_DEPTH_MAXIMUM 131072

/// How a quantized weight lies in its panels.
typedef struct martlet_weight_layout {
    martlet_quantization kind;
    /// Inputs that exist; those up to `depth` are zeros.
    size_t input_count;
    size_t depth;
    /// Inputs per scale; `depth` for int8.
    size_t group_inputs;
} martlet_weight_layout;

/// Bytes of one group of an int4 panel.
static inline size_t martlet_int4_group_bytes(martlet_quantization kind, size_t group_inputs) {
    size_t scale_bytes = MARTLET_PANEL_COLUMNS * (kind == MARTLET_INT4_MINIMUM ? 4 : 2);
    return scale_bytes + group_inputs * (MARTLET_PANEL_COLUMNS / 2);
}

/// Bytes of one panel.
static inline size_t martlet_quantized_panel_bytes(const martlet_weight_layout *layout) {
    if (layout->kind == MARTLET_INT8) return (layout->depth + 8) * MARTLET_PANEL_COLUMNS;
    return layout->depth / layout->group_inputs
        * martlet_int4_group_bytes(layout->kind, layout->group_inputs);
}

/// One quantized row of activations: int8 [depth], at `scale_offset` bytes fp32 scales [groups], at
/// `correction_offset` [groups] of what a group's sum of q is needed for: int32 -8 * sum for
/// MARTLET_INT4, fp32 scale * sum for MARTLET_INT4_MINIMUM, nothing for MARTLET_INT8.
typedef struct martlet_row_layout {
    size_t group_inputs;
    size_t scale_offset;
    size_t correction_offset;
} martlet_row_layout;

/// Source of a weight being packed: [outputs, inputs] row-major, or [inputs, outputs] where
/// `transposed`; any alignment.
typedef struct martlet_pack_source {
    const void *bytes;
    /// In elements.
    size_t row_stride;
    martlet_dtype dtype;
    bool transposed;
} martlet_pack_source;

/// All instruction sets give the same bytes.
typedef struct martlet_quantize_kernels {
    /// Quantizes one row to scales of max|x| / 127 and whole numbers in -127...127, rounded to
    /// nearest even, plus `offset`, then that for zero up to the next multiple of 64 inputs. The
    /// scale of a group with infinity or NaN is NaN; one whose largest magnitude is below 2^-100
    /// is zero.
    void (*quantize_row)(
        const martlet_weight_layout *layout, const martlet_row_layout *row, uint8_t offset,
        const float *source, void *record);
    /// Quantizes source outputs first_output..<first_output+count into lanes first_lane... of one
    /// panel. Scales, and minima, of int4 are those of least squared error among some candidates,
    /// the plain ones included. What has infinity or NaN among its weights gets a NaN as scale.
    void (*quantize_panel)(
        const martlet_weight_layout *layout, const martlet_pack_source *source,
        size_t first_output, size_t count, void *panel, size_t first_lane);
} martlet_quantize_kernels;

/// Reads one output's weights out of its panel as the fp32 numbers that they stand for, adding when
/// `accumulate`.
void martlet_dequantize_row(
    const martlet_weight_layout *layout, const void *panel, size_t lane, float *destination,
    bool accumulate);

#pragma clang assume_nonnull end

#endif
