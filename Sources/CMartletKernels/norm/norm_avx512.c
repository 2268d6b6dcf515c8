#if defined(__x86_64__)

#include "norm_kernels.h"

#define MARTLET_LANES 16

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))), \
    apply_to = function)
#include "norm.inc"
#pragma clang attribute pop

const martlet_norm_kernels martlet_norm_avx512 = {
    .rms = norm_rms,
    .layer = norm_layer,
};

#endif
