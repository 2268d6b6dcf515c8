#ifndef MARTLET_SAMPLING_SAMPLING_KERNELS_H
#define MARTLET_SAMPLING_SAMPLING_KERNELS_H

#include "martlet_sampling.h"

#include <float.h>
#include <math.h>
#include <string.h>

extern const martlet_sampling_kernels martlet_sampling_portable;
#if defined(__x86_64__)
extern const martlet_sampling_kernels martlet_sampling_avx2;
extern const martlet_sampling_kernels martlet_sampling_avx512;
#endif

// exp(x) = 2^n exp(r) with n = round(x / ln 2) and |r| <= ln 2 / 2; ln 2 is split so that n * HIGH
// is exact. The polynomial is Cephes' expf: about 1 ulp over the reduced range.
#define MARTLET_LOG2E 1.44269504088896341f
#define MARTLET_LN2_HIGH 0.693359375f
#define MARTLET_LN2_LOW -2.12194440e-4f
#define MARTLET_EXP_P0 1.9875691500e-4f
#define MARTLET_EXP_P1 1.3981999507e-3f
#define MARTLET_EXP_P2 8.3334519073e-3f
#define MARTLET_EXP_P3 4.1665795894e-2f
#define MARTLET_EXP_P4 1.6666665459e-1f
#define MARTLET_EXP_P5 5.0000001201e-1f
// ln(FLT_MIN): below it the result would be denormal and is taken as 0.
#define MARTLET_EXP_FLOOR -87.3365402f

// The running list of `top`: the largest elements so far, in their final order.
typedef struct martlet_top_list {
    float *values;
    int32_t *indices;
    size_t count, limit;
    float threshold;  // an element has to be above this to enter
} martlet_top_list;

static inline martlet_top_list martlet_top_list_make(
    float *values, int32_t *indices, size_t limit
) {
    return (martlet_top_list){values, indices, 0, limit, limit == 0 ? INFINITY : -INFINITY};
}

// Enters an element whose index is above those already in the list: behind its equals.
static inline void martlet_top_list_insert(martlet_top_list *list, float value, int32_t index) {
    if (!(value > list->threshold)) return;
    size_t place = list->count < list->limit ? list->count++ : list->limit - 1;
    for (; place > 0 && list->values[place - 1] < value; place--) {
        list->values[place] = list->values[place - 1];
        list->indices[place] = list->indices[place - 1];
    }
    list->values[place] = value;
    list->indices[place] = index;
    if (list->count == list->limit) list->threshold = list->values[list->limit - 1];
}

// Where the block that begins at `start` ends.
static inline size_t martlet_block_end(size_t start, size_t count) {
    return count - start < MARTLET_SAMPLING_BLOCK ? count : start + MARTLET_SAMPLING_BLOCK;
}

#endif
