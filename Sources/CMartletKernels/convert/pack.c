#include "../common/half.h"
#include "martlet_matmul.h"

// Inputs gathered per pass: 32 of 64 outputs are at most 8 KiB of panel, so that the scattered
// writes stay in the first-level cache while each source row is read in order.
enum { PACK_BLOCK = 32 };

typedef struct pack_job {
    const uint8_t *bytes;
    size_t output_stride;
    size_t input_stride;
    size_t first_output;
    size_t count;
    size_t depth;
    void *panel;
    size_t first_lane;
} pack_job;

static inline size_t element_bytes(martlet_dtype dtype) { return dtype == MARTLET_F32 ? 4 : 2; }

static inline uint32_t load_bits(const uint8_t *bytes, size_t index, martlet_dtype dtype) {
    if (dtype == MARTLET_F32) {
        uint32_t bits;
        memcpy(&bits, bytes + index * 4, sizeof bits);
        return bits;
    }
    uint16_t bits;
    memcpy(&bits, bytes + index * 2, sizeof bits);
    return bits;
}

static inline float widen(uint32_t bits, martlet_dtype dtype) {
    switch (dtype) {
    case MARTLET_F32: return martlet_from_bits(bits);
    case MARTLET_BF16: return martlet_bf16_to_f32((uint16_t)bits);
    case MARTLET_F16: return martlet_f16_to_f32((uint16_t)bits);
    }
    return 0;
}

static inline uint32_t convert_bits(uint32_t bits, martlet_dtype from, martlet_dtype to) {
    if (from == to) return bits;
    float value = widen(bits, from);
    switch (to) {
    case MARTLET_F32: return martlet_bits(value);
    case MARTLET_BF16: return martlet_f32_to_bf16(value);
    case MARTLET_F16: return martlet_f32_to_f16(value);
    }
    return 0;
}

static inline size_t panel_index(size_t input, size_t lane, martlet_dtype dtype) {
    const size_t columns = MARTLET_PANEL_COLUMNS;
    if (dtype == MARTLET_BF16) return input / 2 * 2 * columns + lane * 2 + input % 2;
    return input * columns + lane;
}

static inline void store_bits(void *panel, size_t index, martlet_dtype dtype, uint32_t bits) {
    if (dtype == MARTLET_F32) {
        ((uint32_t *)panel)[index] = bits;
    } else {
        ((uint16_t *)panel)[index] = (uint16_t)bits;
    }
}

__attribute__((always_inline)) static inline void pack(
    const pack_job *job, martlet_dtype from, martlet_dtype to) {
    const size_t bytes = element_bytes(from);
    for (size_t begin = 0; begin < job->depth; begin += PACK_BLOCK) {
        size_t end = begin + PACK_BLOCK < job->depth ? begin + PACK_BLOCK : job->depth;
        for (size_t row = 0; row < job->count; row++) {
            size_t output = (job->first_output + row) * job->output_stride;
            const uint8_t *source = job->bytes + output * bytes;
            size_t lane = job->first_lane + row;
            for (size_t k = begin; k < end; k++) {
                uint32_t bits = load_bits(source, k * job->input_stride, from);
                store_bits(
                    job->panel, panel_index(k, lane, to), to, convert_bits(bits, from, to));
            }
        }
    }
}

// bf16 to bf16, inputs contiguous: a pair of inputs is one 32-bit word on both sides.
static void pack_bf16_pairs(const pack_job *job) {
    uint32_t *panel = job->panel;
    const size_t pairs = job->depth / 2;
    for (size_t begin = 0; begin < pairs; begin += PACK_BLOCK / 2) {
        size_t end = begin + PACK_BLOCK / 2 < pairs ? begin + PACK_BLOCK / 2 : pairs;
        for (size_t row = 0; row < job->count; row++) {
            const uint8_t *source = job->bytes + (job->first_output + row) * job->output_stride * 2;
            for (size_t pair = begin; pair < end; pair++) {
                uint32_t bits;
                memcpy(&bits, source + pair * 4, sizeof bits);
                panel[pair * MARTLET_PANEL_COLUMNS + job->first_lane + row] = bits;
            }
        }
    }
    if (job->depth % 2 == 0) return;
    for (size_t row = 0; row < job->count; row++) {
        size_t index = (job->first_output + row) * job->output_stride + job->depth - 1;
        size_t target = panel_index(job->depth - 1, job->first_lane + row, MARTLET_BF16);
        store_bits(panel, target, MARTLET_BF16, load_bits(job->bytes, index, MARTLET_BF16));
    }
}

__attribute__((always_inline)) static inline void pack_to(
    const pack_job *job, martlet_dtype from, martlet_dtype to) {
    switch (from) {
    case MARTLET_F32: pack(job, MARTLET_F32, to); break;
    case MARTLET_BF16: pack(job, MARTLET_BF16, to); break;
    case MARTLET_F16: pack(job, MARTLET_F16, to); break;
    }
}

void martlet_pack_panel(
    const martlet_pack_source *source, size_t first_output, size_t count, size_t depth,
    void *panel, martlet_dtype dtype, size_t first_lane) {
    pack_job job = {
        .bytes = source->bytes,
        .output_stride = source->transposed ? 1 : source->row_stride,
        .input_stride = source->transposed ? source->row_stride : 1,
        .first_output = first_output,
        .count = count,
        .depth = depth,
        .panel = panel,
        .first_lane = first_lane,
    };
    if (source->dtype == MARTLET_BF16 && dtype == MARTLET_BF16 && !source->transposed) {
        pack_bf16_pairs(&job);
        return;
    }
    switch (dtype) {
    case MARTLET_F32: pack_to(&job, source->dtype, MARTLET_F32); break;
    case MARTLET_BF16: pack_to(&job, source->dtype, MARTLET_BF16); break;
    case MARTLET_F16: pack_to(&job, source->dtype, MARTLET_F16); break;
    }
}

__attribute__((always_inline)) static inline void unpack(
    const void *panel, martlet_dtype dtype, size_t lane, size_t depth, float *destination,
    bool accumulate) {
    for (size_t k = 0; k < depth; k++) {
        uint32_t bits = load_bits(panel, panel_index(k, lane, dtype), dtype);
        float value = widen(bits, dtype);
        destination[k] = accumulate ? destination[k] + value : value;
    }
}

void martlet_unpack_row(
    const void *panel, martlet_dtype dtype, size_t lane, size_t depth, float *destination,
    bool accumulate) {
    switch (dtype) {
    case MARTLET_F32: unpack(panel, MARTLET_F32, lane, depth, destination, accumulate); break;
    case MARTLET_BF16: unpack(panel, MARTLET_BF16, lane, depth, destination, accumulate); break;
    case MARTLET_F16: unpack(panel, MARTLET_F16, lane, depth, destination, accumulate); break;
    }
}
