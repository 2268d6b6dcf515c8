#include <string.h>

#include "martlet_cpu.h"
#include "peak_kernels.h"

enum { LANES = 64 };

// Plain loops that any compiler vectorises with what the baseline offers.
static double peak_f32_portable(size_t rounds, float *sink) {
    float sums[LANES];
    for (size_t i = 0; i < LANES; i++) sums[i] = (float)i;
    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < LANES; i++) sums[i] = sums[i] * 0.999f + 0.001f;
    }
    *sink = 0;
    for (size_t i = 0; i < LANES; i++) *sink += sums[i];
    return (double)rounds * LANES * 2;
}

static uint64_t read_once_portable(const void *source, size_t bytes) {
    const uint8_t *next = source, *end = next + bytes;
    uint64_t sums[8] = {0};
    for (; next < end; next += sizeof sums) {
        uint64_t words[8];
        memcpy(words, next, sizeof words);
        for (size_t i = 0; i < 8; i++) sums[i] ^= words[i];
    }
    for (size_t i = 1; i < 8; i++) sums[0] ^= sums[i];
    return sums[0];
}

double martlet_peak_run(martlet_peak peak, size_t rounds, float *sink) {
    *sink = 0;
#if defined(__x86_64__)
    switch (peak) {
    case MARTLET_PEAK_F32:
        if (martlet_isa_supported(MARTLET_ISA_AVX512)) return martlet_peak_f32_avx512(rounds, sink);
        if (martlet_isa_supported(MARTLET_ISA_AVX2)) return martlet_peak_f32_avx2(rounds, sink);
        break;
    case MARTLET_PEAK_BF16:
        if (!martlet_isa_supported(MARTLET_ISA_AVX512_BF16)) return 0;
        return martlet_peak_bf16_avx512bf16(rounds, sink);
    case MARTLET_PEAK_INT8:
        if (!martlet_vnni_supported()) return 0;
        return martlet_peak_int8_avx512vnni(rounds, sink);
    }
#endif
    return peak == MARTLET_PEAK_F32 ? peak_f32_portable(rounds, sink) : 0;
}

uint64_t martlet_read_once(const void *source, size_t bytes) {
#if defined(__x86_64__)
    if (martlet_isa_supported(MARTLET_ISA_AVX512)) return martlet_read_once_avx512(source, bytes);
    if (martlet_isa_supported(MARTLET_ISA_AVX2)) return martlet_read_once_avx2(source, bytes);
#endif
    return read_once_portable(source, bytes);
}
