#if defined(__x86_64__)

#include "activation_kernels.h"

#define MARTLET_LANES 16

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,f16c"))), \
    apply_to = function)
#include "activation.inc"
#pragma clang attribute pop

const martlet_activation_kernels martlet_activation_avx512 = {
    .apply = activation_apply,
    .gate = activation_gate,
};

#endif
