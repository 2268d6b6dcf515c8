#include "rope_kernels.h"

#define MARTLET_LANES 4
#include "rope.inc"

const martlet_rope_kernels martlet_rope_portable = {
    .half_split = rope_half_split,
};
