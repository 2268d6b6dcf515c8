#include "martlet_cpu.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <stdatomic.h>
#include <stdint.h>

enum {
    KNOWN = 1 << 0,
    HAS_AVX2 = 1 << 1,
    HAS_AVX512 = 1 << 2,
    HAS_AVX512_BF16 = 1 << 3,
    HAS_VNNI = 1 << 4,
};

static uint64_t enabled_registers(void) {
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static bool bit(uint32_t word, int index) { return (word >> index & 1) != 0; }

// CPUID says what the processor has; XGETBV says which registers the operating system saves.
static unsigned detect(void) {
    unsigned found = KNOWN;
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return found;
    bool osxsave = bit(c, 27), avx = bit(c, 28), fma = bit(c, 12), f16c = bit(c, 29);
    if (!osxsave || !avx) return found;
    uint64_t registers = enabled_registers();
    bool ymm = (registers & 0x06) == 0x06, zmm = (registers & 0xe6) == 0xe6;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return found;
    if (!ymm || !bit(b, 5) || !fma || !f16c) return found;
    found |= HAS_AVX2;
    bool f = bit(b, 16), dq = bit(b, 17), bw = bit(b, 30), vl = bit(b, 31);
    if (!zmm || !f || !dq || !bw || !vl) return found;
    found |= HAS_AVX512;
    if (bit(c, 11)) found |= HAS_VNNI;
    bool has_subleaf = a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d);
    if (has_subleaf && bit(a, 5)) found |= HAS_AVX512_BF16;
    return found;
}

// Asked once: under a hypervisor every CPUID is a trap of microseconds. Threads that race store
// the same value.
static unsigned features(void) {
    static _Atomic unsigned known;
    unsigned found = atomic_load_explicit(&known, memory_order_relaxed);
    if (found == 0) {
        found = detect();
        atomic_store_explicit(&known, found, memory_order_relaxed);
    }
    return found;
}

bool martlet_isa_supported(martlet_isa isa) {
    switch (isa) {
    case MARTLET_ISA_PORTABLE: return true;
    case MARTLET_ISA_AVX2: return features() & HAS_AVX2;
    case MARTLET_ISA_AVX512: return features() & HAS_AVX512;
    case MARTLET_ISA_AVX512_BF16: return features() & HAS_AVX512_BF16;
    }
    return false;
}

bool martlet_vnni_supported(void) { return features() & HAS_VNNI; }

#else

bool martlet_isa_supported(martlet_isa isa) { return isa == MARTLET_ISA_PORTABLE; }

bool martlet_vnni_supported(void) { return false; }

#endif
