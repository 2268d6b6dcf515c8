#ifndef MARTLET_KERNELS_H
#define MARTLET_KERNELS_H

#include "martlet_attention.h"
#include "martlet_bench.h"
#include "martlet_cpu.h"
#include "martlet_elementwise.h"
#include "martlet_matmul.h"
#include "martlet_quantize.h"
#include "martlet_sampling.h"
#include "martlet_thread.h"
#include "martlet_types.h"

#pragma clang assume_nonnull begin

/// The kernels of one instruction set; one member per op folder. An instruction set without a
/// version of its own of some op points at the next weaker one's.
typedef struct martlet_kernels {
    martlet_isa isa;
    const martlet_matmul_kernels *matmul;
    const martlet_quantize_kernels *quantize;
    const martlet_attention_kernels *attention;
    const martlet_norm_kernels *norm;
    const martlet_rope_kernels *rope;
    const martlet_activation_kernels *activation;
    const martlet_sampling_kernels *sampling;
} martlet_kernels;

/// The table of `isa`, or null where this processor does not run it.
const martlet_kernels *_Nullable martlet_kernels_for(martlet_isa isa);

#pragma clang assume_nonnull end

#endif
