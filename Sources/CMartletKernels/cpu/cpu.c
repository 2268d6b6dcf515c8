#include "martlet_cpu.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <stdint.h>

typedef struct cpu_features {
    bool avx2;
    bool avx512;
    bool avx512_bf16;
    bool vnni;
} cpu_features;

static uint64_t enabled_registers(void) {
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static bool bit(uint32_t word, int index) { return (word >> index & 1) != 0; }

// CPUID says what the processor has; XGETBV says which registers the operating system saves.
static cpu_features detect(void) {
    cpu_features found = {0};
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return found;
    bool osxsave = bit(c, 27), avx = bit(c, 28), fma = bit(c, 12), f16c = bit(c, 29);
    if (!osxsave || !avx) return found;
    uint64_t registers = enabled_registers();
    bool ymm = (registers & 0x06) == 0x06, zmm = (registers & 0xe6) == 0xe6;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return found;
    uint32_t subleaves = a;
    found.avx2 = ymm && bit(b, 5) && fma && f16c;
    bool f = bit(b, 16), dq = bit(b, 17), bw = bit(b, 30), vl = bit(b, 31);
    found.avx512 = found.avx2 && zmm && f && dq && bw && vl;
    found.vnni = found.avx512 && bit(c, 11);
    if (subleaves >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
        found.avx512_bf16 = found.avx512 && bit(a, 5);
    }
    return found;
}

bool martlet_isa_supported(martlet_isa isa) {
    switch (isa) {
    case MARTLET_ISA_PORTABLE: return true;
    case MARTLET_ISA_AVX2: return detect().avx2;
    case MARTLET_ISA_AVX512: return detect().avx512;
    case MARTLET_ISA_AVX512_BF16: return detect().avx512_bf16;
    }
    return false;
}

bool martlet_vnni_supported(void) { return detect().vnni; }

#else

bool martlet_isa_supported(martlet_isa isa) { return isa == MARTLET_ISA_PORTABLE; }

bool martlet_vnni_supported(void) { return false; }

#endif
