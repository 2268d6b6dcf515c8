#ifndef MARTLET_NORM_KERNELS_H
#define MARTLET_NORM_KERNELS_H

#include "martlet_elementwise.h"

extern const martlet_norm_kernels martlet_norm_portable;
#if defined(__x86_64__)
extern const martlet_norm_kernels martlet_norm_avx2;
extern const martlet_norm_kernels martlet_norm_avx512;
#endif

#endif
