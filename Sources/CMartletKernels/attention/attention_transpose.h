// From 16 tokens' rows of numbers to a K tile's rows of 16 tokens.
#ifndef MARTLET_ATTENTION_TRANSPOSE_H
#define MARTLET_ATTENTION_TRANSPOSE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint32_t words4 __attribute__((vector_size(16)));
typedef uint8_t bytes16 __attribute__((vector_size(16)));

/// [16][count] words, rows `stride` words apart, to [count][16].
static inline void transpose_words(
    const void *source, size_t stride, size_t count, void *target) {
    const uint8_t *from = source;
    uint8_t *to = target;
    size_t word = 0;
    for (; word + 4 <= count; word += 4) {
        for (size_t token = 0; token < 16; token += 4) {
            words4 rows[4], low, high, columns[4];
            for (size_t i = 0; i < 4; i++) {
                memcpy(rows + i, from + ((token + i) * stride + word) * 4, 16);
            }
            low = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
            high = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
            columns[0] = __builtin_shufflevector(low, high, 0, 1, 4, 5);
            columns[1] = __builtin_shufflevector(low, high, 2, 3, 6, 7);
            low = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
            high = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
            columns[2] = __builtin_shufflevector(low, high, 0, 1, 4, 5);
            columns[3] = __builtin_shufflevector(low, high, 2, 3, 6, 7);
            for (size_t i = 0; i < 4; i++) {
                memcpy(to + ((word + i) * 16 + token) * 4, columns + i, 16);
            }
        }
    }
    for (; word < count; word++) {
        for (size_t token = 0; token < 16; token++) {
            memcpy(to + (word * 16 + token) * 4, from + (token * stride + word) * 4, 4);
        }
    }
}

/// [16][count] bytes, rows `stride` bytes apart, to [count][16].
static inline void transpose_bytes(
    const void *source, size_t stride, size_t count, uint8_t *target) {
    const uint8_t *from = source;
    size_t byte = 0;
    for (; byte + 16 <= count; byte += 16) {
        bytes16 rows[16], next[16];
        for (size_t i = 0; i < 16; i++) memcpy(rows + i, from + i * stride + byte, 16);
        // Interleaving rows that are eight apart moves one bit of a number's place from its column
        // to its row; after four times all have changed sides.
        for (size_t stage = 0; stage < 4; stage++) {
            for (size_t i = 0; i < 8; i++) {
                next[2 * i] = __builtin_shufflevector(
                    rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
                next[2 * i + 1] = __builtin_shufflevector(
                    rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30,
                    15, 31);
            }
            memcpy(rows, next, sizeof rows);
        }
        memcpy(target + byte * 16, rows, sizeof rows);
    }
    for (; byte < count; byte++) {
        for (size_t i = 0; i < 16; i++) target[byte * 16 + i] = from[i * stride + byte];
    }
}

#endif
