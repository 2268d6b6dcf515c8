#if defined(__x86_64__)

#include <immintrin.h>

#include "peak_kernels.h"

// Twelve independent sums cover the latency of two multiply-add units in sixteen registers.
enum { SUMS = 12 };

// Four parts read side by side keep more hardware prefetchers busy than one.
enum { STREAMS = 4 };

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

double martlet_peak_f32_avx2(size_t rounds, float *sink) {
    __m256 sums[SUMS], factor = _mm256_set1_ps(0.999f), term = _mm256_set1_ps(0.001f);
    for (int i = 0; i < SUMS; i++) sums[i] = _mm256_set1_ps((float)i);
    for (size_t round = 0; round < rounds; round++) {
        for (int i = 0; i < SUMS; i++) sums[i] = _mm256_fmadd_ps(sums[i], factor, term);
        __asm__ volatile("" : "+x"(factor), "+x"(term));
    }
    for (int i = 1; i < SUMS; i++) sums[0] = _mm256_add_ps(sums[0], sums[i]);
    float lanes[8];
    _mm256_storeu_ps(lanes, sums[0]);
    *sink = lanes[0] + lanes[1] + lanes[2] + lanes[3] + lanes[4] + lanes[5] + lanes[6] + lanes[7];
    return (double)rounds * SUMS * 8 * 2;
}

uint64_t martlet_read_once_avx2(const void *source, size_t bytes) {
    const uint8_t *next = source;
    const size_t part = bytes / STREAMS;
    __m256i sums[STREAMS][2];
    for (int i = 0; i < STREAMS; i++) sums[i][0] = sums[i][1] = _mm256_setzero_si256();
    for (size_t offset = 0; offset < part; offset += 64) {
        for (int i = 0; i < STREAMS; i++) {
            const __m256i *line = (const __m256i *)(next + (size_t)i * part + offset);
            sums[i][0] = _mm256_xor_si256(sums[i][0], _mm256_load_si256(line));
            sums[i][1] = _mm256_xor_si256(sums[i][1], _mm256_load_si256(line + 1));
        }
    }
    __m256i total = _mm256_setzero_si256();
    for (int i = 0; i < STREAMS; i++) {
        total = _mm256_xor_si256(total, _mm256_xor_si256(sums[i][0], sums[i][1]));
    }
    uint64_t lanes[4];
    _mm256_storeu_si256((__m256i *)lanes, total);
    return lanes[0] ^ lanes[1] ^ lanes[2] ^ lanes[3];
}

#pragma clang attribute pop

#endif
