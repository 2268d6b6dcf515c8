#if defined(__x86_64__)

#include "rope_kernels.h"

#define MARTLET_LANES 8

#pragma clang attribute push( \
    __attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "rope.inc"
#pragma clang attribute pop

const martlet_rope_kernels martlet_rope_avx2 = {
    .half_split = rope_half_split,
};

#endif
