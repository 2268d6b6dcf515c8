#include "sampling_kernels.h"

// Sixteen partial sums let any compiler vectorise this without reordering an addition.
void martlet_sum_blocks(const float *x, size_t count, double *block_sums) {
    for (size_t start = 0; start < count; start += MARTLET_SAMPLING_BLOCK) {
        size_t end = martlet_block_end(start, count), i = start;
        float lanes[16] = {0};
        for (; i + 16 <= end; i += 16)
            for (size_t lane = 0; lane < 16; lane++) lanes[lane] += x[i + lane];
        double sum = 0;
        for (size_t lane = 0; lane < 16; lane++) sum += lanes[lane];
        for (; i < end; i++) sum += x[i];
        block_sums[start / MARTLET_SAMPLING_BLOCK] = sum;
    }
}
