#ifndef MARTLET_ROPE_KERNELS_H
#define MARTLET_ROPE_KERNELS_H

#include "martlet_elementwise.h"

extern const martlet_rope_kernels martlet_rope_portable;
#if defined(__x86_64__)
extern const martlet_rope_kernels martlet_rope_avx2;
extern const martlet_rope_kernels martlet_rope_avx512;
#endif

#endif
