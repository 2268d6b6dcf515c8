#include "norm_kernels.h"

#define MARTLET_LANES 4
#include "norm.inc"

const martlet_norm_kernels martlet_norm_portable = {
    .rms = norm_rms,
    .layer = norm_layer,
};
