#ifndef MARTLET_BENCH_H
#define MARTLET_BENCH_H

#include "martlet_types.h"

#pragma clang assume_nonnull begin

/// Arithmetic whose peak a machine can be asked for.
typedef enum martlet_peak {
    /// fp32 fused multiply-add.
    MARTLET_PEAK_F32 = 0,
    /// bf16 dot products summed in fp32 (vdpbf16ps).
    MARTLET_PEAK_BF16 = 1,
    /// int8 dot products summed in int32 (vpdpbusd).
    MARTLET_PEAK_INT8 = 2,
} martlet_peak;

/// Runs `rounds` rounds of independent register-resident operations of the widest kind this
/// machine has and returns how many multiplications and additions they were; 0 where it has none.
/// `sink` receives a value that depends on all of them.
double martlet_peak_run(martlet_peak peak, size_t rounds, float *sink);

/// Reads `bytes` bytes (a multiple of 512, 64-byte aligned) once, as fast as one thread can.
uint64_t martlet_read_once(const void *source, size_t bytes);

#pragma clang assume_nonnull end

#endif
