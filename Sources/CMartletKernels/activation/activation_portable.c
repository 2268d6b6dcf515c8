#include "activation_kernels.h"

#define MARTLET_LANES 4
#include "activation.inc"

const martlet_activation_kernels martlet_activation_portable = {
    .apply = activation_apply,
    .gate = activation_gate,
};
