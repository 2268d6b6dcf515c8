#ifndef MARTLET_QUANTIZE_KERNELS_H
#define MARTLET_QUANTIZE_KERNELS_H

#include "martlet_quantize.h"

extern const martlet_quantize_kernels martlet_quantize_portable;
#if defined(__x86_64__)
extern const martlet_quantize_kernels martlet_quantize_avx2;
#endif

#endif
