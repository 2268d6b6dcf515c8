#ifndef MARTLET_PEAK_KERNELS_H
#define MARTLET_PEAK_KERNELS_H

#include "martlet_bench.h"

#if defined(__x86_64__)
double martlet_peak_f32_avx2(size_t rounds, float *sink);
double martlet_peak_f32_avx512(size_t rounds, float *sink);
double martlet_peak_bf16_avx512bf16(size_t rounds, float *sink);
double martlet_peak_int8_avx512vnni(size_t rounds, float *sink);
uint64_t martlet_read_once_avx2(const void *source, size_t bytes);
uint64_t martlet_read_once_avx512(const void *source, size_t bytes);
#endif

#endif
