#include "../common/half.h"
#include "martlet_quantize.h"

#pragma clang fp contract(off)

enum { COLUMNS = MARTLET_PANEL_COLUMNS };

static void store(float *destination, float value, bool accumulate) {
    *destination = accumulate ? *destination + value : value;
}

static float load_half(const uint8_t *source) {
    uint16_t bits;
    memcpy(&bits, source, sizeof bits);
    return martlet_f16_to_f32(bits);
}

static void dequantize_int8(
    const martlet_weight_layout *layout, const uint8_t *panel, size_t lane, float *destination,
    bool accumulate) {
    float scale;
    memcpy(&scale, panel + layout->depth * COLUMNS + lane * 4, sizeof scale);
    for (size_t i = 0; i < layout->input_count; i++) {
        int8_t number = (int8_t)panel[i / 4 * 4 * COLUMNS + lane * 4 + i % 4];
        store(destination + i, scale * (float)number, accumulate);
    }
}

static void dequantize_int4(
    const martlet_weight_layout *layout, const uint8_t *panel, size_t lane, float *destination,
    bool accumulate) {
    const bool has_minimum = layout->kind == MARTLET_INT4_MINIMUM;
    const size_t bytes = martlet_int4_group_bytes(layout->kind, layout->group_inputs);
    for (size_t i = 0; i < layout->input_count; i++) {
        const uint8_t *block = panel + i / layout->group_inputs * bytes;
        float scale = load_half(block + lane * 2);
        float minimum = has_minimum ? load_half(block + COLUMNS * 2 + lane * 2) : -8 * scale;
        size_t within = i % layout->group_inputs;
        const uint8_t *nibbles = block + COLUMNS * (has_minimum ? 4 : 2) + lane * 4;
        uint8_t pair = nibbles[within / 8 * COLUMNS * 4 + within % 4];
        uint8_t number = within % 8 < 4 ? pair & 15 : pair >> 4;
        store(destination + i, scale * (float)number + minimum, accumulate);
    }
}

void martlet_dequantize_row(
    const martlet_weight_layout *layout, const void *panel, size_t lane, float *destination,
    bool accumulate) {
    if (layout->kind == MARTLET_INT8) {
        dequantize_int8(layout, panel, lane, destination, accumulate);
    } else {
        dequantize_int4(layout, panel, lane, destination, accumulate);
    }
}
