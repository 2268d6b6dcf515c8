#if defined(__x86_64__)

#include "rope_kernels.h"

#define MARTLET_LANES 16

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))), \
    apply_to = function)
#include "rope.inc"
#pragma clang attribute pop

const martlet_rope_kernels martlet_rope_avx512 = {
    .half_split = rope_half_split,
};

#endif
