#ifndef MARTLET_CPU_H
#define MARTLET_CPU_H

#include <stdbool.h>

/// Instruction sets with kernels of their own, weakest first.
typedef enum martlet_isa {
    MARTLET_ISA_PORTABLE = 0,
    MARTLET_ISA_AVX2 = 1,
    MARTLET_ISA_AVX512 = 2,
    MARTLET_ISA_AVX512_BF16 = 3,
} martlet_isa;

#define MARTLET_ISA_COUNT 4

/// Whether this processor and operating system run `isa` (CPUID and XGETBV on x86).
bool martlet_isa_supported(martlet_isa isa);

/// Whether this processor has AVX-512 VNNI (vpdpbusd); only benchmarks ask.
bool martlet_vnni_supported(void);

/// Tells the processor that the caller spins, so that a sibling thread may use its resources.
static inline void martlet_spin_hint(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

#endif
