#ifndef MARTLET_MATMUL_COMMON_H
#define MARTLET_MATMUL_COMMON_H

#include "martlet_matmul.h"

/// Declares a kernel that the tables of several instruction sets name.
#define MARTLET_MATMUL_KERNEL(name) \
    void name( \
        const martlet_matmul_call *call, size_t first_row, size_t row_count, size_t first_panel, \
        size_t panel_count)

extern const martlet_matmul_kernels martlet_matmul_portable;
MARTLET_MATMUL_KERNEL(martlet_matmul_int8_portable);
MARTLET_MATMUL_KERNEL(martlet_matmul_int4_portable);
MARTLET_MATMUL_KERNEL(martlet_matmul_int4_minimum_portable);

#if defined(__x86_64__)
extern const martlet_matmul_kernels martlet_matmul_avx2;
extern const martlet_matmul_kernels martlet_matmul_avx512;
extern const martlet_matmul_kernels martlet_matmul_avx512bf16;

/// AVX-512 without BF16 serves these types on processors that have it, too.
MARTLET_MATMUL_KERNEL(martlet_matmul_f32_avx512);
MARTLET_MATMUL_KERNEL(martlet_matmul_f16_avx512);

/// AVX2 serves these types on processors with AVX-512 that lack its int8 dot product.
MARTLET_MATMUL_KERNEL(martlet_matmul_int8_avx2);
MARTLET_MATMUL_KERNEL(martlet_matmul_int4_avx2);
MARTLET_MATMUL_KERNEL(martlet_matmul_int4_minimum_avx2);

MARTLET_MATMUL_KERNEL(martlet_matmul_int8_avx512vnni);
MARTLET_MATMUL_KERNEL(martlet_matmul_int4_avx512vnni);
MARTLET_MATMUL_KERNEL(martlet_matmul_int4_minimum_avx512vnni);
#endif

/// Rounds to bf16 values kept as fp32, for kernels that multiply in fp32.
void martlet_round_row_widened(
    const float *source, void *destination, size_t count, size_t padded);

/// Output columns of `panel` that exist.
static inline size_t martlet_panel_width(const martlet_matmul_call *call, size_t panel) {
    size_t rest = call->column_count - panel * MARTLET_PANEL_COLUMNS;
    return rest < MARTLET_PANEL_COLUMNS ? rest : MARTLET_PANEL_COLUMNS;
}

static inline const uint8_t *martlet_panel(const martlet_matmul_call *call, size_t panel) {
    return (const uint8_t *)call->weights + panel * call->panel_bytes;
}

/// Bias, residual and store of one finished row of a panel; the vector kernels keep this order:
/// (sum + bias), then output + that.
static inline void martlet_matmul_finish_row(
    const martlet_matmul_call *call, const float *sums, size_t row, size_t panel) {
    size_t column = panel * MARTLET_PANEL_COLUMNS;
    size_t width = martlet_panel_width(call, panel);
    float *output = call->output + row * call->output_stride + column;
    for (size_t i = 0; i < width; i++) {
        float value = sums[i];
        if (call->bias) value += call->bias[column + i];
        output[i] = call->accumulate ? output[i] + value : value;
    }
}

#endif
