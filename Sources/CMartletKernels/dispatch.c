#include "activation/activation_kernels.h"
#include "attention/attention_kernels.h"
#include "convert/quantize_kernels.h"
#include "martlet_kernels.h"
#include "matmul/matmul_common.h"
#include "norm/norm_kernels.h"
#include "rope/rope_kernels.h"
#include "sampling/sampling_kernels.h"

static const martlet_kernels portable = {
    .isa = MARTLET_ISA_PORTABLE,
    .matmul = &martlet_matmul_portable,
    .quantize = &martlet_quantize_portable,
    .attention = &martlet_attention_portable,
    .norm = &martlet_norm_portable,
    .rope = &martlet_rope_portable,
    .activation = &martlet_activation_portable,
    .sampling = &martlet_sampling_portable,
};

#if defined(__x86_64__)

static const martlet_kernels avx2 = {
    .isa = MARTLET_ISA_AVX2,
    .matmul = &martlet_matmul_avx2,
    .quantize = &martlet_quantize_avx2,
    .attention = &martlet_attention_avx2,
    .norm = &martlet_norm_avx2,
    .rope = &martlet_rope_avx2,
    .activation = &martlet_activation_avx2,
    .sampling = &martlet_sampling_avx2,
};

static const martlet_kernels avx512 = {
    .isa = MARTLET_ISA_AVX512,
    .matmul = &martlet_matmul_avx512,
    .quantize = &martlet_quantize_avx2,
    .attention = &martlet_attention_avx512,
    .norm = &martlet_norm_avx512,
    .rope = &martlet_rope_avx512,
    .activation = &martlet_activation_avx512,
    .sampling = &martlet_sampling_avx512,
};

static const martlet_kernels avx512bf16 = {
    .isa = MARTLET_ISA_AVX512_BF16,
    .matmul = &martlet_matmul_avx512bf16,
    .quantize = &martlet_quantize_avx2,
    .attention = &martlet_attention_avx512bf16,
    .norm = &martlet_norm_avx512,
    .rope = &martlet_rope_avx512,
    .activation = &martlet_activation_avx512,
    .sampling = &martlet_sampling_avx512,
};

#endif

const martlet_kernels *martlet_kernels_for(martlet_isa isa) {
    if (!martlet_isa_supported(isa)) return NULL;
    switch (isa) {
    case MARTLET_ISA_PORTABLE: return &portable;
#if defined(__x86_64__)
    case MARTLET_ISA_AVX2: return &avx2;
    case MARTLET_ISA_AVX512: return &avx512;
    case MARTLET_ISA_AVX512_BF16: return &avx512bf16;
#else
    default: return NULL;
#endif
    }
    return NULL;
}
