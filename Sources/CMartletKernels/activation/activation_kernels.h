#ifndef MARTLET_ACTIVATION_KERNELS_H
#define MARTLET_ACTIVATION_KERNELS_H

#include "martlet_elementwise.h"

extern const martlet_activation_kernels martlet_activation_portable;
#if defined(__x86_64__)
extern const martlet_activation_kernels martlet_activation_avx2;
extern const martlet_activation_kernels martlet_activation_avx512;
#endif

#endif
