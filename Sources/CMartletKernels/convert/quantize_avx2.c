#if defined(__x86_64__)

#include <string.h>

#include "../common/half.h"
#include "quantize_kernels.h"

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c"))), \
    apply_to = function)
#include "quantize_common.inc"
#include "quantize_rows.inc"
#include "quantize_search.inc"
#include "quantize_weights.inc"
#pragma clang attribute pop

// Serves processors with AVX-512 as well: the same loops compiled for it take rows half as fast.
const martlet_quantize_kernels martlet_quantize_avx2 = {
    .quantize_row = quantize_row,
    .quantize_panel = quantize_panel,
};

#endif
